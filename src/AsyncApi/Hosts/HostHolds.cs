using System.Collections.Concurrent;
using System.Threading.Channels;
using AsyncApi.Fetching;

namespace AsyncApi.Hosts;

/// <summary>Writes down until when hosts asked to be left alone, behind the requests that found out.</summary>
internal sealed partial class HostHolds(FetchEngine engine, HostStore store, TimeProvider time, ILogger<HostHolds> logger) : BackgroundService
{
    // A restart takes longer than that.
    private static readonly TimeSpan WorthKeeping = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _unwritten = new(StringComparer.Ordinal);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        engine.HostHeld += Note;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        engine.HostHeld -= Note;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _news.Reader.WaitToReadAsync(stoppingToken))
            {
                _news.Reader.TryRead(out _);
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What came last is written before the database closes.
            await WriteAsync(CancellationToken.None);
        }
    }

    private void Note(object? sender, HostHeldEventArgs held)
    {
        if (held.Until - time.GetUtcNow() >= WorthKeeping)
        {
            _unwritten[held.Host.ToString()] = held.Until;
            _news.Writer.TryWrite(true);
        }
    }

    private async Task WriteAsync(CancellationToken token)
    {
        KeyValuePair<string, DateTimeOffset>[] taken = _unwritten.ToArray();
        if (taken.Length == 0)
        {
            return;
        }

        try
        {
            await store.HoldAsync(taken.ToDictionary(StringComparer.Ordinal), token);
            foreach (KeyValuePair<string, DateTimeOffset> hold in taken)
            {
                // Only if it was not made longer meanwhile.
                _unwritten.TryRemove(hold);
            }
        }
#pragma warning disable CA1031 // A hold that is not on disk holds until a restart all the same; it is tried again.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFault(fault);
            await Task.Delay(PauseAfterFault, time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _news.Writer.TryWrite(true);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hosts that asked to be left alone could not be written down; it is tried again")]
    private partial void LogFault(Exception fault);
}
