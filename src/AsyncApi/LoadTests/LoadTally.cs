using System.Globalization;
using System.Numerics;
using AsyncApi.Fetching;
using AsyncApi.Http.Input;
using AsyncApi.Jobs;

namespace AsyncApi.LoadTests;

/// <summary>Counts what a load test comes to. Safe for any number of threads.</summary>
internal sealed class LoadTally
{
    private const double Million = 1_000_000;

    // What a chart can show: four bars for each doubling.
    private const int BarsPerOctave = 4;

    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latencies = new(LatencyHistogram.Fine);
    private readonly SortedDictionary<int, long> _statuses = [];
    private readonly SortedDictionary<FetchReason, long> _reasons = [];
    private long _requests;
    private long _succeeded;
    private long _late;
    private long _bytes;
    private long _measured;
    private long _least = long.MaxValue;
    private double _sum;

    /// <param name="latency">From when the request started, or was to start.</param>
    /// <param name="late">It found all connections busy when it was to start.</param>
    public void Add(in LoadAnswer answer, TimeSpan latency, bool late)
    {
        lock (_lock)
        {
            _requests++;
            _succeeded += answer.IsSuccess ? 1 : 0;
            _late += late ? 1 : 0;
            _bytes += answer.Bytes;
            if (answer.Reason is FetchReason.None)
            {
                _statuses[answer.Status] = _statuses.GetValueOrDefault(answer.Status) + 1;
            }
            else
            {
                _reasons[answer.Reason] = _reasons.GetValueOrDefault(answer.Reason) + 1;
            }

            if (answer.HasLatency)
            {
                Measure((long)latency.TotalMicroseconds);
            }
        }
    }

    public LoadMeasurement ToFigures(TimeSpan elapsed)
    {
        lock (_lock)
        {
            double seconds = elapsed.TotalSeconds;
            return new LoadMeasurement
            {
                Requests = _requests,
                Succeeded = _succeeded,
                Failed = _requests - _succeeded,
                ElapsedSeconds = Math.Round(seconds, 3),
                RequestsPerSecond = seconds > 0 ? Math.Round(_requests / seconds, 1) : 0,
                MegabytesPerSecond = seconds > 0 ? Math.Round(_bytes / Million / seconds, 3) : 0,
                TotalMegabytes = Math.Round(_bytes / Million, 3),
                LatencyMs = _measured == 0 ? null : ToLatency(),
                Statuses = _statuses.ToDictionary(static pair => pair.Key.ToString(CultureInfo.InvariantCulture), static pair => pair.Value),
                Reasons = _reasons.ToDictionary(static pair => EnumNames<FetchReason>.Of(pair.Key), static pair => pair.Value),
                StartedLate = _late,
                Histogram = ToBars(),
            };
        }
    }

    private void Measure(long microseconds)
    {
        _measured++;
        _sum += microseconds;
        _least = Math.Min(_least, microseconds);
        _latencies.Add(microseconds);
    }

    private LoadLatency ToLatency() => new(
        Milliseconds(_least), Milliseconds(_sum / _measured), At(0.5), At(0.9), At(0.95), At(0.99), Milliseconds(_latencies.Max));

    private List<LoadBucket> ToBars() =>
    [
        .. _latencies.Used()
            .GroupBy(static bucket => BarOf(bucket.UpTo))
            .Select(static bar => new LoadBucket(Milliseconds(bar.Max(static bucket => bucket.UpTo)), bar.Sum(static bucket => (long)bucket.Count))),
    ];

    private static long BarOf(long microseconds)
    {
        int octave = BitOperations.Log2((ulong)microseconds | BarsPerOctave) - BitOperations.Log2(BarsPerOctave);
        return ((long)octave * BarsPerOctave) + (microseconds >> octave);
    }

    private double At(double share) => Milliseconds(_latencies.AtShare(share));

    private static double Milliseconds(double microseconds) => Math.Round(microseconds / 1000, 3);
}
