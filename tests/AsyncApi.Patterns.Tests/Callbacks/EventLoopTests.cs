using AsyncApi.Patterns.Callbacks;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests.Callbacks;

public sealed class EventLoopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loop_runs_what_is_ready_in_order_on_one_thread_and_nothing_after_stop()
    {
        PatternOutcome outcome = await RunUnderTest.StepAsync("event-loop", new { seconds = 1 }, (2, 6), (1, 8));

        EventLoopResult result = outcome.Result.ShouldBeOfType<EventLoopResult>();
        result.Order.ShouldBe(
        [
            "soon 1", "soon 2", "coroutine 1 starts", "coroutine 2 starts", "later, due at once", "soon 3, asked for by soon 1",
            "coroutine 2 ends", "coroutine 1 ends", "complete: coroutine 1, coroutine 2",
        ]);
        result.Threads.ShouldBe(1);
        result.PendingAfterStop.ShouldBe(2);
        outcome.TimeOf("coroutine 2 ends").ShouldBe(500);
        outcome.TimeOf("coroutine 1 ends").ShouldBe(1000);
    }

    [Fact]
    public void Stop_before_the_run_lets_one_turn_through()
    {
        using EventLoop loop = new(new ManualTime());
        List<int> called = [];
        loop.CallSoon(() =>
        {
            called.Add(1);
            loop.CallSoon(() => called.Add(2));
        });
        loop.Stop();

        loop.RunForever(Token);

        called.ShouldBe([1]);
        loop.Pending.ShouldBe(1);
    }

    [Fact]
    public void Timers_that_are_due_together_run_by_due_time_then_in_order_of_their_making()
    {
        ManualTime time = new();
        using EventLoop loop = new(time);
        List<string> called = [];
        loop.CallLater(2, () => called.Add("two"));
        loop.CallLater(1, () => called.Add("one"));
        loop.CallLater(1, () => called.Add("one as well"));
        loop.CallLater(3, loop.Stop);
        time.Advance(TimeSpan.FromSeconds(3));

        loop.RunForever(Token);

        called.ShouldBe(["one", "one as well", "two"]);
    }

    [Fact]
    public async Task Callback_from_another_thread_wakes_the_loop()
    {
        using EventLoop loop = new(new ManualTime());
        Task<int> thread = Task.Factory.StartNew(
            () =>
            {
                loop.RunForever(Token);
                return Environment.CurrentManagedThreadId;
            },
            Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        TaskCompletionSource<int> called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.CallSoon(() => called.SetResult(Environment.CurrentManagedThreadId));
        int calledOn = await called.Task;
        loop.CallSoon(loop.Stop);

        calledOn.ShouldBe(await thread);
    }

    [Fact]
    public void Coroutine_that_fails_throws_out_of_the_run()
    {
        using EventLoop loop = new(new ManualTime());

        Should.Throw<InvalidOperationException>(() => loop.RunUntilComplete(FailAsync, Token)).Message.ShouldBe("boom");

        static async Task<int> FailAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("boom");
        }
    }

    [Fact]
    public void Cancelled_loop_gives_its_thread_back()
    {
        using EventLoop loop = new(new ManualTime());
        using CancellationTokenSource cancel = new();
        loop.CallSoon(cancel.Cancel);

        Should.Throw<OperationCanceledException>(() => loop.RunForever(cancel.Token));
    }
}
