using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests;

public sealed class PoolQuietTests
{
    [Fact]
    public async Task Thread_of_the_run_is_not_taken_for_one_that_was_busy_before()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        ManualTime time = new();
        using ManualResetEventSlim occupied = new();
        using ManualResetEventSlim release = new();
        // As the test runner does now and then.
        Task runner = Task.Run(
            () =>
            {
                occupied.Set();
                release.Wait(token);
            },
            token);
        occupied.Wait(token);

        DateTimeOffset? ended = null;
        await VirtualRun.DriveAsync(time, async () =>
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30), time);
            await Task.Run(
                () =>
                {
                    release.Set();
                    runner.Wait(token);
                    // Long enough for whoever watches to look many times.
                    Thread.Sleep(50);
                    ended = time.GetUtcNow();
                },
                token);
            return true;
        });

        ended.ShouldBe(new ManualTime().GetUtcNow());
        await runner;
    }
}
