using System.Buffers;
using System.Numerics;

namespace AsyncApi.Fetches;

/// <summary>
/// Durations in buckets that are never wider than a sixteenth of their value (the idea of HdrHistogram), small enough to be
/// written with every batch of results, so that it is as durable as they are.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 4;
    private const int SubBuckets = 1 << SubBits;
    private const int Buckets = 44 * SubBuckets;

    private readonly int[] _counts = new int[Buckets];
    private long _max;
    private long _total;

    public bool IsEmpty => _total == 0;

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
        LatencyHistogram copy = new() { _max = _max, _total = _total };
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
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            if (_counts[bucket] > 0)
            {
                WriteNumber(output, (ulong)(bucket - last));
                WriteNumber(output, (ulong)_counts[bucket]);
                last = bucket;
            }
        }
    }

    public FetchLatency? ToLatency() => IsEmpty
        ? null
        : new FetchLatency(Milliseconds(AtShare(0.5)), Milliseconds(AtShare(0.9)), Milliseconds(AtShare(0.99)), Milliseconds(_max));

    private static double Milliseconds(long microseconds) => Math.Round(microseconds / 1000.0, 1);

    /// <summary>A value that this share of all values does not exceed, at most a sixteenth too high.</summary>
    private long AtShare(double share)
    {
        long rank = (long)Math.Ceiling(share * _total);
        long seen = 0;
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Math.Min(UpperBoundOf(bucket), _max);
            }
        }

        return _max;
    }

    private static int BucketOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBits);
        return Math.Min(Buckets - 1, (shift * SubBuckets) + (int)(value >> shift));
    }

    private static long UpperBoundOf(int bucket)
    {
        int shift = Math.Max(0, (bucket / SubBuckets) - 1);
        long sub = bucket - (shift * SubBuckets);
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
