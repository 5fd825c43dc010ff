using System.Collections.Concurrent;
using System.Threading.Channels;
using AsyncApi.Fetching;
using AsyncApi.Jobs;

namespace AsyncApi.Hosts;

/// <summary>Writes down until when hosts asked to be left alone, behind the requests that found out.</summary>
internal sealed class HostHolds(FetchEngine engine, HostStore store, LoopHealth health, TimeProvider time, ILogger<HostHolds> logger)
    : JobLoop(health, time, logger)
{
    // A restart takes longer than that.
    private static readonly TimeSpan WorthKeeping = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _unwritten = new(StringComparer.Ordinal);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override string Name => "holds";

    // It waits for a host to ask for something.
    protected override TimeSpan Patience => TimeSpan.MaxValue;

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

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        if (_unwritten.IsEmpty)
        {
            await _news.Reader.ReadAsync(stopping);
        }

        await WriteAsync(stopping);
    }

    // What came last is written before the database closes.
    protected override Task EndAsync() => WriteAsync(CancellationToken.None);

    private void Note(object? sender, HostHeldEventArgs held)
    {
        if (held.Until - Time.GetUtcNow() >= WorthKeeping)
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

        await store.HoldAsync(taken.ToDictionary(StringComparer.Ordinal), token);
        foreach (KeyValuePair<string, DateTimeOffset> hold in taken)
        {
            // Only if it was not made longer meanwhile.
            _unwritten.TryRemove(hold);
        }
    }
}
