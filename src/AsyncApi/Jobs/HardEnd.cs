using System.Runtime.InteropServices;

namespace AsyncApi.Jobs;

/// <summary>
/// The moment from which nothing that still runs is waited for: when a stop takes too long, and at once when it is ordered for a
/// second time. What is left then is what a killed process leaves, and goes on after the next start.
/// </summary>
internal sealed class HardEnd : IDisposable
{
    private const int OfASignal = 128;

    private readonly TaskCompletionSource<HardEndCause> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _disposed = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly PosixSignalRegistration[] _signals;
    private int _orders;

    public HardEnd(TimeSpan patience, TimeProvider time, CancellationToken stopping)
    {
        _signals = [Hear(PosixSignal.SIGTERM, 15), Hear(PosixSignal.SIGINT, 2), Hear(PosixSignal.SIGQUIT, 3)];
        _stopping = stopping.Register(() => _ = WaitAsync(patience, time));
    }

    /// <summary>Ends when it has come to that.</summary>
    public Task<HardEndCause> Reached => _reached.Task;

    public void Dispose()
    {
        _stopping.Dispose();
        Array.ForEach(_signals, signal => signal.Dispose());
        _disposed.Cancel();
        _disposed.Dispose();
    }

    private async Task WaitAsync(TimeSpan patience, TimeProvider time)
    {
        await Task.Delay(patience, time, _disposed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _reached.TrySetResult(new HardEndCause($"The stop took longer than {patience.TotalSeconds} s.", 1));
    }

    // The first one is the host's to hear. The default action is its to prevent too, and it stays so after it has ended.
    private PosixSignalRegistration Hear(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _orders) > 1)
        {
            _reached.TrySetResult(new HardEndCause($"{signal} came a second time.", OfASignal + number));
        }
    });
}

/// <param name="Reason">A sentence for the operator.</param>
/// <param name="ExitCode">1, or what a shell tells of a process that a signal has ended.</param>
internal sealed record HardEndCause(string Reason, int ExitCode);
