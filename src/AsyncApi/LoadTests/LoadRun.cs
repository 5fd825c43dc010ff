namespace AsyncApi.LoadTests;

/// <summary>
/// Sends a plan's requests with as many clients as it has requests in flight at once. In a closed model each sends its next request when
/// the one before has ended. In an open one each request has a time to start, and is measured from then: however slow the target makes
/// its clients, no latency is left out (Tene, "How NOT to Measure Latency", 2013).
/// </summary>
internal sealed class LoadRun(LoadPlan plan, Func<CancellationToken, ValueTask<LoadAnswer>> send, TimeProvider time)
{
    // Timers ring in whole milliseconds: what is nearer starts now, and is measured from now.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);

    // Timers go by the kernel's coarse clock, 4 ms a tick, and ring up to 6 ms early or late: that says nothing of the target. More is
    // a stall, which counts.
    private static readonly TimeSpan TimerError = TimeSpan.FromMilliseconds(10);

    private readonly TimeSpan _duration = TimeSpan.FromSeconds(plan.DurationSeconds);
    private readonly LoadTally _tally = new();
    private readonly long _began = time.GetTimestamp();
    private long _took = -1;
    private int _next = -1;

    /// <summary>What it has come to so far.</summary>
    public LoadMeasurement Figures => _tally.ToFigures(Volatile.Read(ref _took) is >= 0 and var took ? TimeSpan.FromTicks(took) : Elapsed);

    private TimeSpan Elapsed => time.GetElapsedTime(_began);

    /// <summary>Sends all, once; ends when each that started has.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> cut it short.</exception>
    public async Task RunAsync(CancellationToken token)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(plan.Concurrency, plan.Requests)).Select(_ => SendOnAsync(token)));
        }
        finally
        {
            Volatile.Write(ref _took, Elapsed.Ticks);
        }
    }

    private async Task SendOnAsync(CancellationToken token)
    {
        while (Interlocked.Increment(ref _next) is var index && index < plan.Requests)
        {
            TimeSpan now = Elapsed;
            TimeSpan due = plan.RequestsPerSecond is { } rate ? TimeSpan.FromSeconds(index / rate) : now;
            if (due >= _duration)
            {
                return;
            }

            if (due - now >= Soon)
            {
                await Task.Delay(due - now, time, token);
            }

            bool isLate = now - due >= Soon;
            TimeSpan start = Elapsed;
            LoadAnswer answer = await send(token);
            TimeSpan from = isLate || start - due > TimerError ? due : start;
            _tally.Add(answer, Elapsed - from, isLate);
        }
    }
}
