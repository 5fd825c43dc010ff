using AsyncApi.Patterns.Threads;

namespace AsyncApi.Patterns.Tests.Threads;

public sealed class ExecutorTests
{
    private static readonly double[] Waits = [1, 2, 1];

    [Fact]
    public async Task Calls_on_enough_threads_take_as_long_as_the_longest()
    {
        PatternOutcome outcome = await RunUnderTest.StepAsync("executor", new { threads = 3, seconds = Waits }, (3, 0), (1, 2));

        outcome.ElapsedMs.ShouldBe(2000);
        outcome.Result.ShouldBe(new[] { "call 1: 1 s", "call 2: 2 s", "call 3: 1 s" });
        outcome.Spans.Select(span => span.Lane).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Calls_on_one_thread_take_the_sum()
    {
        PatternOutcome outcome = await RunUnderTest.StepAsync("executor", new { threads = 1, seconds = Waits }, (1, 0), (1, 1), (1, 2));

        outcome.ElapsedMs.ShouldBe(4000);
        outcome.MostAtOnce().ShouldBe(1);
        outcome.Spans.ShouldAllBe(span => span.Lane == "executor 1");
    }

    [Fact]
    public async Task Call_that_throws_fails_its_task_and_not_its_thread()
    {
        using ThreadExecutor executor = new(threads: 1);

        InvalidOperationException failure = await Should.ThrowAsync<InvalidOperationException>(
            executor.Submit<int>(() => throw new InvalidOperationException("boom")));

        failure.Message.ShouldBe("boom");
        (await executor.Submit(() => Thread.CurrentThread.Name)).ShouldBe("executor 1");
    }

    [Fact]
    public async Task Dispose_waits_for_the_calls_that_were_taken()
    {
        using ManualResetEventSlim gate = new();
        ThreadExecutor executor = new(threads: 1);
        Task<bool> first = executor.Submit(() => gate.Wait(TestSupport.Eventually.Deadline, TestContext.Current.CancellationToken));
        Task<int> second = executor.Submit(() => 2);

        Task disposed = Task.Run(executor.Dispose, TestContext.Current.CancellationToken);
        disposed.IsCompleted.ShouldBeFalse();
        gate.Set();
        await disposed;

        (await first).ShouldBeTrue();
        (await second).ShouldBe(2);
    }
}
