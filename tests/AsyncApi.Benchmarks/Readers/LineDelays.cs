using System.Text.Json;

namespace AsyncApi.Benchmarks.Readers;

/// <summary>When the responses ended, as the results themselves tell it; in microseconds since 1970.</summary>
internal sealed class ResultTimes(int results)
{
    private readonly List<long> _ended = new(results);

    public long FirstStart { get; private set; } = long.MaxValue;

    /// <summary>Of the result with this <c>seq</c>.</summary>
    public long EndOf(int seq) => _ended[seq - 1];

    /// <param name="line">The next result's JSON, in the order of <c>seq</c>.</param>
    public void Add(string line)
    {
        using JsonDocument result = JsonDocument.Parse(line);
        long started = result.RootElement.GetProperty("startedAt").GetDateTimeOffset().ToUnixTimeMilliseconds() * 1_000;
        FirstStart = Math.Min(FirstStart, started);
        _ended.Add(started + (long)(result.RootElement.GetProperty("durationMs").GetDouble() * 1_000));
    }
}

/// <summary>How late the lines were: each line of each reader counts. In milliseconds.</summary>
/// <param name="Seconds">From the start of the first request until all lines were read.</param>
/// <param name="ProcessorSeconds">What the readers needed of their processor.</param>
/// <param name="Left">Until they had left the service.</param>
/// <param name="Read">Until their readers had read them.</param>
internal sealed record LineDelays(double Seconds, double ProcessorSeconds, Spread Left, Spread Read)
{
    public static LineDelays Of(IReadOnlyList<StreamProgress> readers, ResultTimes times, TimeSpan processor)
    {
        DelayCounts left = new();
        DelayCounts read = new();
        foreach (StreamProgress reader in readers)
        {
            int seq = 1;
            foreach (Mark mark in reader.Marks)
            {
                // The end record is not one of them.
                for (int last = Math.Min(mark.Records, reader.Marks[^1].Records - 1); seq <= last; seq++)
                {
                    left.Add(mark.LeftAt - times.EndOf(seq));
                    read.Add(mark.ReadAt - times.EndOf(seq));
                }
            }
        }

        double seconds = (readers.Max(static reader => reader.Marks[^1].ReadAt) - times.FirstStart) / 1e6;
        return new LineDelays(seconds, processor.TotalSeconds, left.ToSpread(), read.ToSpread());
    }
}

internal sealed record Spread(double P50, double P99, double Max);

/// <summary>Millions of delays, to a tenth of a millisecond.</summary>
internal sealed class DelayCounts
{
    private const int Step = 100;

    private readonly long[] _counts = new long[1_200_000];
    private long _all;

    /// <param name="microseconds">Below 0 where the clock of the one was cut and that of the other was not.</param>
    public void Add(long microseconds)
    {
        _counts[Math.Clamp((microseconds + Step - 1) / Step, 0, _counts.Length - 1)]++;
        _all++;
    }

    public Spread ToSpread() => new(Part(0.5), Part(0.99), Part(1));

    private double Part(double part)
    {
        long wanted = (long)Math.Ceiling(_all * part);
        int step = 0;
        for (long seen = _counts[0]; seen < wanted; seen += _counts[step])
            step++;
        return step * Step / 1_000.0;
    }
}
