using System.Collections.Concurrent;
using System.Threading.Channels;
using AsyncApi.Fetching;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Running;

/// <summary>
/// Writes down, behind the engine, which requests of one claim wait for their next attempt. A wait that is not on disk yet costs at
/// most an early attempt after a crash; so nothing waits for this.
/// </summary>
internal sealed partial class FetchWaitLog : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    private readonly JobLease _lease;
    private readonly long _fetchKey;
    private readonly FetchWaitStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<FetchWaitLog> _logger;
    // One for each request, so as many as may wait.
    private readonly ConcurrentDictionary<int, FetchRetryWait> _unwritten = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _writing;

    public FetchWaitLog(JobLease lease, long fetchKey, FetchWaitStore store, TimeProvider time, ILogger<FetchWaitLog> logger)
    {
        (_lease, _fetchKey, _store, _time, _logger) = (lease, fetchKey, store, time, logger);
        _writing = WriteAllAsync();
    }

    public void Note(FetchRequest request, FetchRetryWait wait)
    {
        _unwritten[request.Index] = wait;
        _news.Writer.TryWrite(true);
    }

    /// <summary>Writes what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        _news.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (await _news.Reader.WaitToReadAsync())
            {
                _news.Reader.TryRead(out _);
                await WriteAsync();
            }

            await WriteAsync();
        }
        catch (LeaseLostException)
        {
            // They are another worker's to retry now.
        }
    }

    private async Task WriteAsync()
    {
        KeyValuePair<int, FetchRetryWait>[] taken = _unwritten.ToArray();
        if (taken.Length == 0)
        {
            return;
        }

        try
        {
            // No token: the last ones are written while the service stops.
            await _store.WriteAsync(_lease, _fetchKey, taken, CancellationToken.None);
            foreach (KeyValuePair<int, FetchRetryWait> wait in taken)
            {
                _unwritten.TryRemove(wait);
            }
        }
#pragma warning disable CA1031 // What could not be written is written with the next ones.
        catch (Exception fault) when (fault is not LeaseLostException)
#pragma warning restore CA1031
        {
            LogFault(fault);
            await Task.Delay(PauseAfterFault, _time);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The waits between attempts could not be written down; it is tried again")]
    private partial void LogFault(Exception fault);
}
