using AsyncApi.Jobs;
using AsyncApi.Storage;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.Extensions.Logging;
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

    [Fact]
    public async Task Loop_whose_database_is_away_says_so_once_and_when_it_goes_on()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        ManualTime time = new();
        using CapturedLog log = new();
        LoopHealth health = new(time);
        using FaultyLoop loop = new(new StorageUnavailableException(null), health, time, log.CreateLogger("loop")) { FaultyTurns = 5 };

        await loop.StartAsync(token);
        for (int i = 0; i < 5; i++)
        {
            await Eventually.Until(() => time.ActiveTimers == 1);
            time.AdvanceToNextTimer();
        }

        await Eventually.Until(() => loop.Turned);
        await loop.StopAsync(token);
        log.Lines.Select(static line => (line.Level, line.Text)).ShouldBe(
        [
            (LogLevel.Warning, "The loop of the faulty waits: The database is not available."),
            (LogLevel.Information, "The loop of the faulty goes on"),
        ]);
    }

    private static async Task ShouldWaitAsync(Exception fault, int[] seconds)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        ManualTime time = new();
        LoopHealth health = new(time);
        using FaultyLoop loop = new(fault, health, time, NullLogger.Instance);
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

    private sealed class FaultyLoop(Exception fault, LoopHealth health, TimeProvider time, ILogger logger) : JobLoop(health, time, logger)
    {
        private int _turns;
        private volatile bool _turned;

        public int FaultyTurns { get; init; } = int.MaxValue;

        /// <summary>Whether it came through a turn and began the next one.</summary>
        public bool Turned => _turned;

        protected override string Name => "faulty";

        protected override TimeSpan Patience => TimeSpan.FromMinutes(1);

        protected override Task TurnAsync(CancellationToken stopping)
        {
            _turns++;
            if (_turns <= FaultyTurns)
            {
                throw fault;
            }

            _turned = _turns > FaultyTurns + 1;
            return _turned ? Task.Delay(Timeout.Infinite, stopping) : Task.CompletedTask;
        }
    }
}
