using System.Diagnostics.Metrics;

namespace AsyncApi.Storage;

/// <summary>What operators see of the database's writes.</summary>
internal sealed class StorageMetrics
{
    private readonly Meter _meter;
    private readonly Histogram<int> _commands;
    private readonly Histogram<double> _durations;

    public StorageMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(nameof(AsyncApi));
        _commands = _meter.CreateHistogram(
            "asyncapi.storage.commit.commands", "{command}", "Writes that shared one commit", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] });
        _durations = _meter.CreateHistogram(
            "asyncapi.storage.commit.duration", "s", "Time of a transaction, from its begin until it is durable", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] });
    }

    /// <param name="waiting">How many writes wait for their turn now.</param>
    public void Watch(Func<int> waiting) => _meter.CreateObservableUpDownCounter(
        "asyncapi.storage.writes.waiting", waiting, "{command}", "Writes that wait for the writer, or for a connection to the server");

    public void Committed(int commands, TimeSpan duration)
    {
        _commands.Record(commands);
        _durations.Record(duration.TotalSeconds);
    }
}
