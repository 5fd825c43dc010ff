using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Tests.Dispatching;

public sealed class CircuitTests
{
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(15);
    private static readonly AttemptOutcome Refused = AttemptOutcome.Failed(FetchReason.Connect, "refused", neverLeft: true);
    private static readonly RetryOptions Quick = new() { BaseDelay = TimeSpan.FromMilliseconds(10) };

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Hundred_thousand_requests_to_a_dead_host_fail_in_the_time_their_retries_last(int retries)
    {
        Scene scene = new() { Answer = static _ => Refused };

        FetchRun run = scene.Start(Scene.Requests("dead.test", 100_000), new FetchOptions { Retry = Quick with { MaxRetries = retries } });
        scene.RunToEnd(run);

        List<FetchResult> results = scene.ResultsOf(run);
        results.Select(static result => result.Request.Index).Order().ShouldBe(Enumerable.Range(0, 100_000));
        results.ShouldAllBe(static result => result.Outcome == FetchOutcome.Failed);
        results.Count(static result => result.Reason == FetchReason.CircuitOpen).ShouldBeGreaterThan(99_900);
        scene.Now.ShouldBeInRange((retries + 1) * OpenFor, ((retries + 1) * OpenFor) + TimeSpan.FromSeconds(1));
        scene.Starts.Count.ShouldBeLessThan(60);
    }

    [Fact]
    public void Host_that_recovers_is_found_out_by_one_probe_at_a_time_and_nothing_fails()
    {
        Scene scene = new();
        scene.Answer = _ => scene.Now < TimeSpan.FromSeconds(20) ? Scene.Status(503) : Scene.Status(200);

        FetchRun run = scene.Start(Scene.Requests("a.test", 1_000), new FetchOptions { Retry = Quick });
        scene.RunToEnd(run);

        scene.ResultsOf(run).ShouldAllBe(static result => result.Outcome == FetchOutcome.Succeeded);
        SeenStart[] while20 = [.. scene.Starts.Where(static start => start.At < TimeSpan.FromSeconds(20) && start.At > TimeSpan.FromSeconds(1))];
        while20.Length.ShouldBe(1);
        while20[0].At.ShouldBeInRange(OpenFor, OpenFor + TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task Open_circuit_is_shown_and_can_be_reset()
    {
        Scene scene = new() { Answer = static _ => Refused };
        FetchRun run = scene.Start(Scene.Requests("a.test", 1_000), new FetchOptions { Retry = Quick });
        scene.RunFor(TimeSpan.FromSeconds(1));

        HostState open = (await scene.Engine.GetHostsAsync()).ShouldHaveSingleItem();
        (open.Circuit, open.Running, open.Waiting).ShouldBe((CircuitState.Open, 0, 1_000L));
        open.OpenUntil.ShouldNotBeNull().ShouldBeGreaterThan(scene.Network.Time.GetUtcNow());
        (await run.GetWaitingAsync()).Circuit.ShouldBe(1_000);
        scene.Engine.OpenCircuits.ShouldBe(1);

        scene.Answer = static _ => Scene.Status(200);
        scene.Engine.ResetCircuit(Scene.HostOf("a.test"));
        scene.RunToEnd(run);
        scene.Now.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        scene.ResultsOf(run).ShouldAllBe(static result => result.Outcome == FetchOutcome.Succeeded);
        scene.Engine.OpenCircuits.ShouldBe(0);
    }

    [Fact]
    public async Task Open_circuit_of_a_host_that_is_forgotten_is_not_counted_on()
    {
        Scene scene = new() { Answer = static _ => Refused };
        FetchRun run = scene.Start(Scene.Requests("a.test", 1_000), new FetchOptions { Retry = Loopback.NoRetries });
        scene.RunFor(TimeSpan.FromSeconds(1));
        run.Stop(FetchStop.Abandon);
        scene.Engine.OpenCircuits.ShouldBe(1);

        scene.RunFor(TimeSpan.FromHours(1));

        (await scene.Engine.GetHostsAsync()).ShouldBeEmpty();
        scene.Engine.OpenCircuits.ShouldBe(0);
    }

    [Theory]
    [InlineData(FetchReason.HttpStatus, 404, false)]
    [InlineData(FetchReason.HttpStatus, 429, false)]
    [InlineData(FetchReason.HttpStatus, 999, false)]
    [InlineData(FetchReason.Blocked, 0, false)]
    [InlineData(FetchReason.Bomb, 200, false)]
    [InlineData(FetchReason.HttpStatus, 500, true)]
    [InlineData(FetchReason.Dns, 0, true)]
    [InlineData(FetchReason.Tls, 0, true)]
    [InlineData(FetchReason.Protocol, 0, true)]
    public void Circuit_opens_by_the_hosts_own_failures_alone(FetchReason reason, int status, bool opens)
    {
        Scene scene = new() { Answer = _ => new AttemptOutcome { Reason = reason, Status = status, Message = "as planned" } };

        FetchRun run = scene.Start(Scene.Requests("a.test", 200), new FetchOptions { Retry = Loopback.NoRetries });
        scene.RunToEnd(run);

        scene.ResultsOf(run).Any(static result => result.Reason == FetchReason.CircuitOpen).ShouldBe(opens);
    }

    [Fact]
    public void Attempts_that_time_out_open_it_and_those_that_are_cancelled_do_not()
    {
        Scene scene = new() { Answer = static _ => null };
        FetchOptions options = new() { PerHostConcurrency = 100, Timeout = TimeSpan.FromSeconds(1), Retry = Loopback.NoRetries };
        FetchRun cancelled = scene.Start(Scene.Requests("a.test", 100), options);
        cancelled.Stop(FetchStop.Cancel);
        scene.RunToEnd(cancelled);

        FetchRun run = scene.Start(Scene.Requests("a.test", 200), options);
        scene.RunToEnd(run);

        // As many as count, and those that took the slots of these.
        int tried = scene.Starts.Count(start => start.Run == run);
        tried.ShouldBeInRange(100, 121);
        scene.ResultsOf(run).Count(static result => result.Reason == FetchReason.CircuitOpen).ShouldBeGreaterThanOrEqualTo(200 - tried);
    }

    [Fact]
    public void Half_of_failures_opens_it_and_a_third_does_not()
    {
        int Opened(int every)
        {
            Scene scene = new();
            scene.Answer = flow => flow.Request.Index % every == 0 ? Refused : Scene.Status(200);
            FetchRun run = scene.Start(Scene.Requests("a.test", 200), new FetchOptions { PerHostConcurrency = 1, Retry = Loopback.NoRetries });
            scene.RunToEnd(run);
            return scene.ResultsOf(run).Count(static result => result.Reason == FetchReason.CircuitOpen) + (scene.Now >= OpenFor ? 1 : 0);
        }

        Opened(every: 2).ShouldBeGreaterThan(0);
        Opened(every: 3).ShouldBe(0);
    }

    [Fact]
    public void Broken_host_is_remembered_over_fetches_of_one_request_and_then_forgotten()
    {
        Scene scene = new() { Answer = static _ => Refused };
        for (int i = 0; i < 20; i++)
        {
            scene.RunToEnd(scene.Start(Scene.Requests("a.test", 1), new FetchOptions { Retry = Loopback.NoRetries }));
        }

        FetchRun run = scene.Start(Scene.Requests("a.test", 1), new FetchOptions { Retry = Loopback.NoRetries });
        scene.RunToEnd(run);

        scene.Now.ShouldBeGreaterThanOrEqualTo(OpenFor);
        scene.RunUntil(() => scene.Network.KnownHosts == 0);
    }

    [Fact]
    public void Broken_host_holds_no_other_back()
    {
        Scene scene = new();
        scene.Answer = flow => flow.Request.Url.Host == "dead.test" ? Refused : Scene.Status(200);
        scene.Latency = static _ => TimeSpan.FromMilliseconds(10);

        FetchRun run = scene.Start(Scene.Requests("dead.test", 5_000).Concat(Scene.Requests("a.test", 1_000, 5_000)), new FetchOptions { Concurrency = 10 });
        scene.RunUntil(() => scene.ResultsOf(run).Count(static result => result.Outcome == FetchOutcome.Succeeded) == 1_000);

        scene.Now.ShouldBeLessThan(TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public void Period_that_was_waited_through_uses_up_a_retry()
    {
        Scene scene = new();
        // Broken over two periods; the probe that follows them has used up both of its retries.
        scene.Answer = _ => Refused;

        FetchRun run = scene.Start(Scene.Requests("a.test", 40), new FetchOptions { PerHostConcurrency = 20, Retry = Quick with { MaxRetries = 2 } });
        scene.RunToEnd(run);

        scene.Now.ShouldBeInRange(3 * OpenFor, (3 * OpenFor) + TimeSpan.FromSeconds(1));
        scene.ResultsOf(run).ShouldAllBe(static result => result.Attempts <= 3);
    }
}
