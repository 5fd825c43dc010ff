using System.Threading.Channels;
using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>
/// Tells the worker that there may be work, with <paramref name="news"/> also those of other processes. Only shortens a poll: the table
/// is the truth.
/// </summary>
internal sealed class JobWakeUp(StorageNews? news = null)
{
    /// <summary>What other processes are told.</summary>
    public const string Topic = "work";

    private readonly Channel<bool> _rings =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring()
    {
        RingHere();
        news?.Say(Topic);
    }

    /// <summary>Rings in this process alone.</summary>
    public void RingHere() => _rings.Writer.TryWrite(true);

    /// <summary>Ends with a ring, or when <paramref name="atMost"/> has passed.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken token)
    {
        using CancellationTokenSource patience = new(atMost, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, token);
        try
        {
            await _rings.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            // Nothing rang: the caller looks into the table anyway.
        }
    }
}
