using AsyncApi.Jobs;
using AsyncApi.Storage;
using AsyncApi.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace AsyncApi.Tests.Jobs;

public sealed class JobLoopTests
{
    [Fact]
    public Task Loop_that_meets_a_fault_waits_longer_each_time() =>
        ShouldWaitAsync(new InvalidOperationException("It does not work."), [1, 2, 4, 8, 16, 30, 30]);

    [Fact]
    public Task Loop_whose_database_is_away_looks_every_second_however_long() =>
        ShouldWaitAsync(new StorageUnavailableException(null), [1, 1, 1, 1, 1, 1, 1]);

    private static async Task ShouldWaitAsync(Exception fault, int[] seconds)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        ManualTime time = new();
        LoopHealth health = new(time);
        using FaultyLoop loop = new(fault, health, time);
        await loop.StartAsync(token);
        foreach (int wait in seconds)
        {
            await Eventually.Until(() => time.ActiveTimers == 1);
            time.UntilNextTimer.ShouldBe(TimeSpan.FromSeconds(wait));
            health.Troubled.ShouldBe(["faulty"]);
            time.AdvanceToNextTimer();
        }

        await loop.StopAsync(token);
    }

    private sealed class FaultyLoop(Exception fault, LoopHealth health, TimeProvider time) : JobLoop(health, time, NullLogger.Instance)
    {
        protected override string Name => "faulty";

        protected override TimeSpan Patience => TimeSpan.FromMinutes(1);

        protected override Task TurnAsync(CancellationToken stopping) => throw fault;
    }
}
