using System.Diagnostics.Metrics;
using AsyncApi.Fetches.Results;
using AsyncApi.Fetches.Running;
using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.Fetches;

/// <summary>What operators see of fetches. Never a host or a URL, of which there is no end: those stand in the results.</summary>
internal sealed class FetchMetrics
{
    private static readonly FetchReason[] Reasons = Enum.GetValues<FetchReason>();

    // Made once: what is counted on a result's way makes no garbage.
    private readonly KeyValuePair<string, object?>[][] _labels = [.. Reasons.Select(LabelsOf)];

    private readonly Counter<long> _results;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _received;
    private readonly Histogram<double> _durations;

    public FetchMetrics(IMeterFactory meters, LiveFetches live, SharedResults readers, FetchEngine engine)
    {
        Meter meter = meters.Create(nameof(AsyncApi));
        _results = meter.CreateCounter<long>("asyncapi.fetches.results", "{result}", "Results that were stored, by outcome and reason");
        _retries = meter.CreateCounter<long>("asyncapi.fetches.retries", "{attempt}", "Attempts after the first, of requests whose result was stored");
        _received = meter.CreateCounter<long>("asyncapi.fetches.received", "By", "Bytes kept of the bodies of answers");
        _durations = meter.CreateHistogram(
            "asyncapi.fetches.attempt.duration", "s", "Time of the attempt that decided a result, waits left out", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] });
        Watch("asyncapi.fetches.attempts.running", () => live.All.Sum(fetch => fetch.Value.Running), "{attempt}", "Attempts in flight");
        Watch("asyncapi.fetches.requests.retrying", () => live.All.Sum(fetch => fetch.Value.Retrying), "{request}", "Requests between two attempts");
        Watch("asyncapi.fetches.results.unstored", () => live.All.Sum(fetch => fetch.Value.Unread), "{result}", "Results that wait to be stored");
        Watch("asyncapi.fetches.hosts.broken", () => engine.OpenCircuits, "{host}", "Hosts whose circuit is open");
        Watch("asyncapi.fetches.readers", () => readers.Count, "{reader}", "Clients that follow a stream of results");

        void Watch(string name, Func<int> value, string unit, string description) =>
            meter.CreateObservableUpDownCounter(name, value, unit, description);
    }

    /// <summary>Counts what a commit made of a fetch.</summary>
    public void Count(FetchTally before, FetchTally after)
    {
        ReadOnlySpan<int> counts = after.Reasons;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                _results.Add(counts[i], _labels[i]);
            }
        }

        _retries.Add(after.Retries - before.Retries);
        _received.Add(after.Bytes - before.Bytes);
    }

    /// <summary>Measures what was sent of a batch.</summary>
    public void Time(ResultBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            FetchResult result = batch[i];
            if (result.Attempts > 0 && result.Outcome != FetchOutcome.Cancelled)
            {
                _durations.Record(result.Duration.TotalSeconds, _labels[(int)result.Reason][0]);
            }
        }
    }

    private static KeyValuePair<string, object?>[] LabelsOf(FetchReason reason)
    {
        FetchOutcome outcome = reason is FetchReason.None ? FetchOutcome.Succeeded : FetchReasons.OutcomeOf(reason);
        return [new("outcome", EnumNames<FetchOutcome>.Of(outcome)), new("reason", EnumNames<FetchReason>.Of(reason))];
    }
}
