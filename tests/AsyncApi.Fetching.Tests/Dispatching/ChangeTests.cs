namespace AsyncApi.Fetching.Tests.Dispatching;

public sealed class ChangeTests
{
    [Fact]
    public void Limits_follow_a_change_up_and_down_at_once()
    {
        Scene scene = new() { Latency = static _ => TimeSpan.FromSeconds(1) };
        FetchRun run = scene.Start(Scene.Requests("a.test", 100_000), new FetchOptions { Concurrency = 5, PerHostConcurrency = 1_000 });
        run.Running.ShouldBe(5);

        run.Change(new FetchLimits(1_000, 50, 0, FetchPriority.Normal));
        scene.Settle();
        run.Running.ShouldBe(50);
        run.Change(new FetchLimits(5_000, 1_000, 0, FetchPriority.Normal));
        scene.Engine.SetHostLimits(Scene.HostOf("a.test"), new HostLimits(800, 0));
        scene.RunFor(TimeSpan.FromSeconds(3));
        run.Running.ShouldBe(800);
        run.Change(new FetchLimits(7, 1_000, 0, FetchPriority.Normal));
        scene.RunFor(TimeSpan.FromSeconds(1.2));
        run.Running.ShouldBe(7);
        scene.Engine.SetHostLimits(Scene.HostOf("a.test"), new HostLimits(3, 0));
        scene.RunFor(TimeSpan.FromSeconds(1.2));
        run.Running.ShouldBe(3);
    }

    [Fact]
    public void Change_out_of_range_is_refused_and_changes_nothing()
    {
        Scene scene = new() { Answer = static _ => null };
        FetchRun run = scene.Start(Scene.Requests("a.test", 100));

        Should.Throw<ArgumentOutOfRangeException>(() => run.Change(new FetchLimits(0, 10, 0, FetchPriority.Normal)));
        Should.Throw<ArgumentOutOfRangeException>(() => run.Change(new FetchLimits(1, 1, double.NaN, FetchPriority.Normal)));
        Should.Throw<ArgumentOutOfRangeException>(() => scene.Engine.SetHostLimits(Scene.HostOf("a.test"), new HostLimits(0, 0)));
        Should.Throw<ArgumentOutOfRangeException>(() => scene.Engine.SetHostLimits(Scene.HostOf("a.test"), new HostLimits(null, 10_001)));

        run.Options.Concurrency.ShouldBe(100);
    }

    [Fact]
    public async Task Pause_starts_nothing_until_resume_and_lets_what_runs_end()
    {
        Scene scene = new() { Latency = static _ => TimeSpan.FromSeconds(1) };
        FetchRun run = scene.Start(Scene.Requests("a.test", 30));
        FetchRun other = scene.Start(Scene.Requests("b.test", 30));
        scene.RunFor(TimeSpan.FromSeconds(0.5));

        run.Pause();
        scene.RunFor(TimeSpan.FromSeconds(60));

        other.State.Over.ShouldBeTrue();
        (run.Running, scene.ResultsOf(run).Count).ShouldBe((0, 10));
        (await run.GetWaitingAsync()).Paused.ShouldBe(20);
        run.Resume();
        scene.RunToEnd(run);
        scene.ResultsOf(run).Count.ShouldBe(30);
        scene.ResultsOf(run).Count(static result => result.Timeline[0].WaitedFor == FetchWaitReason.Paused).ShouldBe(10);
    }

    [Fact]
    public void Deadline_runs_on_while_paused()
    {
        Scene scene = new();
        FetchRun run = scene.Start(Scene.Requests("a.test", 30), new FetchOptions { Deadline = TimeSpan.FromSeconds(5), RequestsPerSecond = 1 });
        run.Pause();

        scene.RunToEnd(run);

        run.EndedBy.ShouldBe(FetchReason.Deadline);
    }

    [Fact]
    public async Task Waiting_is_told_by_what_holds_back()
    {
        Scene scene = new(new FetchEngineOptions { HostConcurrency = 20 }) { Answer = static _ => null };
        scene.Answer = static flow => flow.Request.Url.Host switch
        {
            "retry.test" => Scene.Status(429),
            "asks.test" when flow.Request.Index == 5_000 => Scene.Status(503, TimeSpan.FromSeconds(50)),
            _ => null,
        };
        scene.Engine.SetHostLimits(Scene.HostOf("rate.test"), new HostLimits(null, 0.1));

        FetchRun run = scene.Start(
            [
                .. Scene.Requests("full.test", 2_000), .. Scene.Requests("rate.test", 300, 3_000), .. Scene.Requests("retry.test", 4, 4_000),
                .. Scene.Requests("asks.test", 60, 5_000), .. Scene.Requests("last.test", 7, 6_000),
            ],
            new FetchOptions { Concurrency = 12, Retry = new RetryOptions { BaseDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) } });
        scene.RunFor(TimeSpan.FromSeconds(1));

        FetchWaiting waiting = await run.GetWaitingAsync();
        int sum = waiting.Slot + waiting.Host + waiting.Rate + waiting.Retry + waiting.RetryAfter + waiting.Circuit + waiting.Paused;
        (sum + run.Running).ShouldBe(2_371);
        waiting.Rate.ShouldBe(299);
        waiting.Retry.ShouldBe(4);
        waiting.RetryAfter.ShouldBeGreaterThanOrEqualTo(50);
        waiting.Slot.ShouldBeGreaterThan(1_900);
        HostState full = (await scene.Engine.GetHostsAsync()).Single(static host => host.Key.Name == "full.test");
        (full.Waiting + full.Running).ShouldBe(2_000);
        (await scene.Engine.GetHostsAsync()).Single(static host => host.Key.Name == "asks.test").RetryAfterUntil.ShouldNotBeNull();
    }

    [Fact]
    public async Task Host_with_limits_of_its_own_is_kept_and_without_forgotten()
    {
        Scene scene = new();
        scene.Engine.SetHostLimits(Scene.HostOf("a.test"), new HostLimits(3, 2.5));

        HostState state = (await scene.Engine.GetHostsAsync()).ShouldHaveSingleItem();
        (state.Key.Name, state.Concurrency, state.RequestsPerSecond).ShouldBe(("a.test", 3, 2.5));

        scene.Engine.SetHostLimits(Scene.HostOf("a.test"), new HostLimits(null, 0));
        (await scene.Engine.GetHostsAsync()).ShouldBeEmpty();
    }
}
