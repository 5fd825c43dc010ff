using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace AsyncApi.Jobs;

/// <summary>What became of some jobs at about the same time.</summary>
/// <param name="Id">Who comes back with it has seen all until then.</param>
internal sealed record JobFeedBatch(long Id, IReadOnlyList<JobEvent> Events);

/// <summary>
/// Tells all jobs' changes to everybody who listens. The rows are read and encoded once, however many listeners there are, and
/// at most four times a second; without a listener not at all.
/// </summary>
internal sealed class JobFeed(JobStore jobs, JobSignals signals, LoopHealth health, TimeProvider time, ILogger<JobFeed> logger)
    : JobLoop(health, time, logger)
{
    private const int ReadAtOnce = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly HashSet<JobFeedReader> _readers = [];
    private readonly Dictionary<Guid, JobStatus> _open = [];

    protected override string Name => "feed";

    protected override TimeSpan Patience => Idle * 4;

    /// <summary>Begin to listen; dispose to end.</summary>
    public JobFeedReader Enter()
    {
        JobFeedReader reader = new(this);
        lock (_readers)
        {
            _readers.Add(reader);
            signals.Collects = true;
        }

        return reader;
    }

    internal void Leave(JobFeedReader reader)
    {
        lock (_readers)
        {
            _readers.Remove(reader);
            signals.Collects = _readers.Count > 0;
        }
    }

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        Task next = signals.NextOfAny;
        long id = Time.GetUtcNow().ToUnixTimeMilliseconds();
        IReadOnlyCollection<Guid> changed = signals.TakeChanged();
        if (changed.Count == 0)
        {
            await WaitAsync(next, stopping);
            return;
        }

        List<JobEvent> events = new(changed.Count);
        foreach (Guid[] some in changed.Chunk(ReadAtOnce))
        {
            events.AddRange((await jobs.FindAsync(some, stopping)).Select(EventOf));
        }

        Tell(new JobFeedBatch(id, events));
        await Task.Delay(Interval, Time, stopping);
    }

    protected override Task EndAsync()
    {
        lock (_readers)
        {
            foreach (JobFeedReader reader in _readers)
            {
                reader.End();
            }
        }

        return Task.CompletedTask;
    }

    private async Task WaitAsync(Task next, CancellationToken stopping)
    {
        try
        {
            await next.WaitAsync(Idle, Time, stopping);
        }
        catch (TimeoutException)
        {
            // Nothing happens: a turn without work, so that the loop is seen to turn.
        }
    }

    private JobEvent EventOf(Job job)
    {
        bool turned = !_open.TryGetValue(job.Id, out JobStatus status) || status != job.Status;
        if (job.Status.IsOver())
        {
            _open.Remove(job.Id);
        }
        else
        {
            _open[job.Id] = job.Status;
        }

        return turned ? JobEvent.OfStatus(job) : JobEvent.OfProgress(job);
    }

    private void Tell(JobFeedBatch batch)
    {
        lock (_readers)
        {
            foreach (JobFeedReader reader in _readers)
            {
                reader.Offer(batch);
            }

            if (_readers.Count == 0)
            {
                _open.Clear();
            }
        }
    }
}

/// <summary>One who listens. When it falls far behind it is ended, and comes back by what it has seen last.</summary>
internal sealed class JobFeedReader(JobFeed feed) : IDisposable
{
    private const int Behind = 64;

    private readonly Channel<JobFeedBatch> _batches =
        Channel.CreateBounded<JobFeedBatch>(new BoundedChannelOptions(Behind) { SingleReader = true, SingleWriter = true });

    public Task<bool> WaitAsync(CancellationToken token) => _batches.Reader.WaitToReadAsync(token).AsTask();

    public bool TryRead([MaybeNullWhen(false)] out JobFeedBatch batch) => _batches.Reader.TryRead(out batch);

    public void Dispose() => feed.Leave(this);

    internal void Offer(JobFeedBatch batch)
    {
        if (!_batches.Writer.TryWrite(batch))
        {
            End();
        }
    }

    internal void End() => _batches.Writer.TryComplete();
}
