using AsyncApi.Patterns.Coordination;
using AsyncApi.TestSupport;
using AsyncCondition = AsyncApi.Patterns.Coordination.ConditionPattern.AsyncCondition;

namespace AsyncApi.Patterns.Tests.Coordination;

public sealed class ConditionTests
{
    [Fact]
    public async Task Notify_wakes_one_in_order()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("condition", new { waiters = 3, every = 1 });

        ConditionResult result = outcome.Result.ShouldBeOfType<ConditionResult>();
        result.Served.ShouldBe(["waiter 1", "waiter 2", "waiter 3"]);
        result.WakeUps.ShouldBe(3);
        outcome.Spans.Where(span => span.Task != "producer").Select(span => span.EndMs).ShouldBe([1000, 2000, 3000]);
    }

    [Fact]
    public async Task Notify_all_wakes_those_for_nothing_whose_turn_it_is_not()
    {
        PatternOutcome outcome = await VirtualRun.RunAsync("condition", new { waiters = 3, every = 1, notifyAll = true });

        // Three wake for the first item, two for the second, one for the third.
        outcome.Result.ShouldBeOfType<ConditionResult>().WakeUps.ShouldBe(6);
        outcome.Said().Count(message => message == "wakes for nothing").ShouldBe(3);
    }

    [Fact]
    public async Task Waiter_wakes_with_the_lock()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using AsyncCondition condition = new();
        await condition.EnterAsync(token);
        Task waiter = condition.WaitAsync(token);
        await condition.EnterAsync(token);
        condition.Notify(1);

        waiter.IsCompleted.ShouldBeFalse("The one who notifies still has the lock.");
        condition.Exit();
        await waiter.WaitAsync(Eventually.Deadline, token);
        condition.EnterAsync(token).IsCompleted.ShouldBeFalse("Now the waiter has it.");
    }

    [Fact]
    public async Task Cancelled_waiter_leaves_with_the_lock_and_takes_no_turn()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using CancellationTokenSource first = new();
        using AsyncCondition condition = new();
        await condition.EnterAsync(token);
        Task cancelled = condition.WaitAsync(first.Token);
        await condition.EnterAsync(token);
        Task second = condition.WaitAsync(token);

        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled.WaitAsync(Eventually.Deadline, token));
        condition.Notify(1);
        condition.Exit();
        await second.WaitAsync(Eventually.Deadline, token);
    }
}
