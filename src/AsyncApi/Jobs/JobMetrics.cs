using System.Diagnostics;
using System.Diagnostics.Metrics;
using AsyncApi.Http.Input;

namespace AsyncApi.Jobs;

/// <summary>What operators see of jobs that run: figures by kind, and a span for each run. Never ids, of which there is no end, in a figure.</summary>
internal sealed class JobMetrics : IDisposable
{
    // From a text that is hashed to a list that takes a day.
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400];

    private readonly ActivitySource _traces = new(nameof(AsyncApi));
    private readonly Counter<long> _ended;
    private readonly Counter<long> _handedBack;
    private readonly Counter<long> _rescued;
    private readonly Histogram<double> _waits;
    private readonly Histogram<double> _runs;

    public JobMetrics(IMeterFactory meters, RunningJobs running, JobKinds kinds)
    {
        Meter meter = meters.Create(nameof(AsyncApi));
        InstrumentAdvice<double> buckets = new() { HistogramBucketBoundaries = Seconds };
        _ended = meter.CreateCounter<long>("asyncapi.jobs.ended", "{job}", "Jobs that ended, by their last status");
        _handedBack = meter.CreateCounter<long>("asyncapi.jobs.handed_back", "{job}", "Runs that a pause or a stop ended before their job was over");
        _rescued = meter.CreateCounter<long>("asyncapi.jobs.rescued", "{job}", "Jobs taken over from a worker that died");
        _waits = meter.CreateHistogram(
            "asyncapi.jobs.wait.duration", "s", "Time from when a job could have started until it first did", tags: null, buckets);
        _runs = meter.CreateHistogram("asyncapi.jobs.run.duration", "s", "Time of a run, from its claim until its end is stored", tags: null, buckets);
        meter.CreateObservableUpDownCounter(
            "asyncapi.jobs.running",
            () => kinds.Names.Select(kind => new Measurement<int>(running.CountOf(kind), KindOf(kind))),
            "{job}",
            "Jobs that run in this process");
    }

    /// <summary>A job was claimed. Dispose of what comes back, if it does, when the run is over.</summary>
    public Activity? Begin(Job job)
    {
        // Later claims come after a pause, a stop or a death. A job that is to be cancelled was waiting for nothing.
        if (job is { LeaseToken: 1, Status: JobStatus.Running, StartedAt: { } started })
        {
            _waits.Record(Math.Max(0, (started - (job.DueAt ?? job.CreatedAt)).TotalSeconds), KindOf(job.Kind));
        }

        Activity? trace = _traces.StartActivity(job.Kind);
        trace?.SetTag("asyncapi.request.id", job.RequestId);
        trace?.SetTag("asyncapi.job.id", job.Id.ToString());
        trace?.SetTag("asyncapi.job.attempt", job.Attempts);
        return trace;
    }

    /// <summary>What a run came to, once that is stored.</summary>
    public void End(Job job, JobOutcome outcome, TimeSpan duration, Activity? trace)
    {
        _runs.Record(duration.TotalSeconds, KindOf(job.Kind));
        if (outcome is not JobOutcome.Over over)
        {
            _handedBack.Add(1, KindOf(job.Kind));
            return;
        }

        string status = EnumNames<JobStatus>.Of(over.Status);
        _ended.Add(1, KindOf(job.Kind), new("status", status));
        trace?.SetTag("asyncapi.job.status", status);
        if (over.Status is JobStatus.Failed or JobStatus.TimedOut)
        {
            trace?.SetStatus(ActivityStatusCode.Error, over.Error);
        }
    }

    public void Rescued(int count) => _rescued.Add(count);

    public void Dispose() => _traces.Dispose();

    private static KeyValuePair<string, object?> KindOf(string kind) => new("kind", kind);
}
