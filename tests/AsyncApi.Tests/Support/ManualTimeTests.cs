using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Support;

public sealed class ManualTimeTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Advance_over_several_timers_fires_them_in_order_at_their_due_times()
    {
        List<(string Name, double Second)> fired = [];
        DateTimeOffset start = _time.GetUtcNow();
        void Arm(string name, int second)
            => _time.CreateTimer(_ => fired.Add((name, (_time.GetUtcNow() - start).TotalSeconds)), null, TimeSpan.FromSeconds(second), Timeout.InfiniteTimeSpan);
        Arm("third", 3);
        Arm("first", 1);
        Arm("second", 1);

        _time.Advance(TimeSpan.FromSeconds(2));
        fired.ShouldBe([("first", 1), ("second", 1)]);

        _time.Advance(TimeSpan.FromSeconds(1));
        fired[^1].ShouldBe(("third", 3));
    }

    [Fact]
    public void Advance_over_a_periodic_timer_fires_it_each_period()
    {
        int ticks = 0;
        using ITimer timer = _time.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(6));

        ticks.ShouldBe(3);
        _time.UntilNextTimer.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Disposed_timer_does_not_fire()
    {
        ITimer timer = _time.CreateTimer(_ => Assert.Fail("It fired."), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Dispose();

        _time.AdvanceToNextTimer().ShouldBeFalse();
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan).ShouldBeFalse();
    }

    [Fact]
    public async Task Delay_and_cancellation_follow_the_clock()
    {
        Task delay = Task.Delay(TimeSpan.FromSeconds(10), _time, TestContext.Current.CancellationToken);
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(11), _time);
        long before = _time.GetTimestamp();
        _time.ActiveTimers.ShouldBe(2);

        _time.Advance(TimeSpan.FromSeconds(9.999));
        delay.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(0.001));
        await delay;
        timeout.IsCancellationRequested.ShouldBeFalse();

        _time.AdvanceToNextTimer().ShouldBeTrue();
        timeout.IsCancellationRequested.ShouldBeTrue();
        _time.GetElapsedTime(before).ShouldBe(TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task Loop_of_delays_runs_through_in_one_advance()
    {
        int turns = 0;
        async Task LoopAsync()
        {
            while (turns < 5)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _time, TestContext.Current.CancellationToken);
                turns++;
            }
        }

        Task loop = LoopAsync();
        _time.Advance(TimeSpan.FromSeconds(5));

        await loop;
        turns.ShouldBe(5);
    }
}
