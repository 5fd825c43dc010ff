using System.Threading.Channels;

namespace AsyncApi.Jobs;

/// <summary>Tells the worker that there may be work. Only shortens its poll: the table is the truth.</summary>
internal sealed class JobWakeUp
{
    private readonly Channel<bool> _rings =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _rings.Writer.TryWrite(true);

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
