using System.Buffers;
using System.Numerics;

namespace AsyncApi.Jobs;

/// <summary>
/// Durations in buckets that are never wider than a small part of their value (the idea of HdrHistogram). A coarse one is small enough
/// to be written with every batch of results, so that it is as durable as they are.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>Buckets of at most a sixteenth of their value: what is stored.</summary>
    public const int Coarse = 4;

    /// <summary>Buckets of at most a 128th of their value.</summary>
    public const int Fine = 7;

    private const int Octaves = 44;

    private readonly int _precision;
    private readonly int[] _counts;
    private long _max;
    private long _total;

    /// <param name="precision">Each doubling has two to the power of this many buckets.</param>
    public LatencyHistogram(int precision = Coarse)
    {
        _precision = precision;
        _counts = new int[Octaves << precision];
    }

    public bool IsEmpty => _total == 0;

    /// <summary>The largest of all, in microseconds.</summary>
    public long Max => _max;

    public static LatencyHistogram Read(ReadOnlySpan<byte> stored)
    {
        LatencyHistogram histogram = new();
        if (stored.IsEmpty)
        {
            return histogram;
        }

        histogram._max = (long)ReadNumber(ref stored);
        for (int bucket = 0; !stored.IsEmpty;)
        {
            bucket += (int)ReadNumber(ref stored);
            histogram._counts[bucket] = (int)ReadNumber(ref stored);
            histogram._total += histogram._counts[bucket];
        }

        return histogram;
    }

    public LatencyHistogram Copy()
    {
        LatencyHistogram copy = new(_precision) { _max = _max, _total = _total };
        _counts.CopyTo(copy._counts, 0);
        return copy;
    }

    public void Add(long microseconds)
    {
        long value = Math.Max(0, microseconds);
        _counts[BucketOf(value)]++;
        _total++;
        _max = Math.Max(_max, value);
    }

    /// <summary>The largest value, then pairs of the distance to the next used bucket and its count, all as LEB128.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        WriteNumber(output, (ulong)_max);
        int last = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            if (_counts[bucket] > 0)
            {
                WriteNumber(output, (ulong)(bucket - last));
                WriteNumber(output, (ulong)_counts[bucket]);
                last = bucket;
            }
        }
    }

    /// <summary>How many there are in each bucket that is used, under its upper bound in microseconds.</summary>
    public IEnumerable<(long UpTo, int Count)> Used() =>
        _counts.Index().Where(static bucket => bucket.Item > 0).Select(bucket => (Math.Min(UpperBoundOf(bucket.Index), _max), bucket.Item));

    /// <summary>A value in microseconds that this share of all values does not exceed, at most a bucket too high.</summary>
    public long AtShare(double share)
    {
        long rank = (long)Math.Ceiling(share * _total);
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Math.Min(UpperBoundOf(bucket), _max);
            }
        }

        return _max;
    }

    private int BucketOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - _precision);
        return Math.Min(_counts.Length - 1, (shift << _precision) + (int)(value >> shift));
    }

    private long UpperBoundOf(int bucket)
    {
        int shift = Math.Max(0, (bucket >> _precision) - 1);
        long sub = bucket - (shift << _precision);
        return ((sub + 1) << shift) - 1;
    }

    private static void WriteNumber(IBufferWriter<byte> output, ulong value)
    {
        Span<byte> bytes = output.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        output.Advance(length);
    }

    private static ulong ReadNumber(ref ReadOnlySpan<byte> stored)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = stored[0];
            stored = stored[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
