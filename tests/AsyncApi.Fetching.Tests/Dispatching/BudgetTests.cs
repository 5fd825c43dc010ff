namespace AsyncApi.Fetching.Tests.Dispatching;

public sealed class BudgetTests
{
    [Fact]
    public void Deadline_cuts_what_runs_and_what_waits_and_starts_nothing_more()
    {
        Scene scene = new();
        scene.Answer = static flow => flow.Request.Index switch { 0 => Scene.Status(200), 1 => Scene.Status(500), _ => null };

        FetchRun run = scene.Start(Scene.Requests("a.test", 20), new FetchOptions
        {
            Deadline = TimeSpan.FromSeconds(2),
            PerHostConcurrency = 5,
            Retry = new RetryOptions { BaseDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) },
        });
        scene.RunToEnd(run);

        scene.Now.ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.1));
        run.EndedBy.ShouldBe(FetchReason.Deadline);
        List<FetchResult> results = scene.ResultsOf(run);
        results.Count(static result => result.Outcome == FetchOutcome.Succeeded).ShouldBe(1);
        // Five that hang and the one between two attempts.
        results.Count(static result => result is { Outcome: FetchOutcome.Cancelled, Reason: FetchReason.Deadline }).ShouldBe(6);
        scene.Starts.Count.ShouldBe(7);
    }

    [Theory]
    [InlineData(FetchStopWhen.FirstFailure, FetchOutcome.Failed)]
    [InlineData(FetchStopWhen.FirstSuccess, FetchOutcome.Succeeded)]
    [InlineData(FetchStopWhen.FirstCompletion, FetchOutcome.Failed)]
    public void First_outcome_that_counts_ends_the_fetch(FetchStopWhen stopWhen, FetchOutcome strikes)
    {
        Scene scene = new();
        scene.Answer = static flow => Scene.Status(flow.Request.Index == 1 ? 200 : 404);
        scene.Latency = flow => TimeSpan.FromMilliseconds((flow.Request.Index, strikes) is (0, FetchOutcome.Failed) or (1, FetchOutcome.Succeeded) ? 10 : 20);

        FetchRun run = scene.Start(Scene.Requests("a.test", 100), new FetchOptions { StopWhen = stopWhen, PerHostConcurrency = 5 });
        scene.RunToEnd(run);

        run.EndedBy.ShouldBe(FetchReason.Stopped);
        List<FetchResult> results = scene.ResultsOf(run);
        results.Select(static result => result.Outcome).ShouldBe([strikes, .. Enumerable.Repeat(FetchOutcome.Cancelled, 4)]);
        results.Skip(1).ShouldAllBe(static result => result.Reason == FetchReason.Stopped);
        scene.Starts.Count.ShouldBe(5);
    }

    [Fact]
    public void Race_that_nothing_wins_goes_to_its_end()
    {
        Scene scene = new() { Answer = static _ => Scene.Status(404) };

        FetchRun run = scene.Start(Scene.Requests("a.test", 100), new FetchOptions { StopWhen = FetchStopWhen.FirstSuccess });
        scene.RunToEnd(run);

        (run.EndedBy, scene.ResultsOf(run).Count).ShouldBe((FetchReason.None, 100));
    }

    [Fact]
    public void Two_that_win_at_once_leave_one_success()
    {
        Scene scene = new() { Latency = static _ => TimeSpan.FromMilliseconds(10) };

        FetchRun run = scene.Start(Scene.Requests("a.test", 10), new FetchOptions { StopWhen = FetchStopWhen.FirstSuccess });
        scene.RunToEnd(run);

        scene.ResultsOf(run).Count(static result => result.Outcome == FetchOutcome.Succeeded).ShouldBe(1);
        scene.ResultsOf(run).Count.ShouldBe(10);
    }

    [Fact]
    public void Success_that_comes_after_a_cancel_is_none()
    {
        Scene scene = new() { Latency = static _ => TimeSpan.FromMilliseconds(10) };
        FetchRun run = scene.Start(Scene.Requests("a.test", 10));
        scene.Network.Started = flow => { };
        scene.Network.Ended = (flow, _) => flow.Run.Stop(FetchStop.Cancel);

        scene.RunToEnd(run);

        scene.ResultsOf(run).Count.ShouldBe(10);
        scene.ResultsOf(run).ShouldAllBe(static result => result.Outcome == FetchOutcome.Cancelled);
    }

    [Fact]
    public void Request_time_covers_attempts_and_the_waits_between_them()
    {
        Scene scene = new() { Answer = static _ => Scene.Status(429), Latency = static _ => TimeSpan.FromSeconds(1) };
        RetryOptions retry = new() { MaxRetries = 20, BaseDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(1) };

        FetchRun run = scene.Start(Scene.Requests("a.test", 50), new FetchOptions { RequestTimeout = TimeSpan.FromSeconds(5), Retry = retry });
        scene.RunToEnd(run);

        scene.ResultsOf(run).ShouldAllBe(static result => result.Reason == FetchReason.Timeout && result.Message != null && result.Attempts > 2 && result.Attempts <= 5);
        foreach (FetchResult result in scene.ResultsOf(run))
        {
            result.Timeline.Sum(static attempt => attempt.Duration.TotalSeconds).ShouldBeLessThan(5.1);
        }
    }

    [Fact]
    public void Request_time_cuts_an_attempt_that_is_longer()
    {
        Scene scene = new() { Answer = static _ => null };

        FetchRun run = scene.Start(Scene.Requests("a.test", 1), new FetchOptions { RequestTimeout = TimeSpan.FromSeconds(2) });
        scene.RunToEnd(run);

        FetchResult result = scene.ResultsOf(run)[0];
        (result.Reason, result.Attempts).ShouldBe((FetchReason.Timeout, 1));
        result.Message!.ShouldContain("all attempts");
        scene.Now.ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.1));
    }

    [Fact]
    public void Queueing_is_charged_to_no_clock()
    {
        Scene scene = new() { Latency = static _ => TimeSpan.FromSeconds(1) };
        scene.Answer = static flow => Scene.Status(flow.Attempts < 2 ? 429 : 200);

        FetchRun run = scene.Start(Scene.Requests("a.test", 50), new FetchOptions
        {
            PerHostConcurrency = 1,
            Timeout = TimeSpan.FromSeconds(2),
            RequestTimeout = TimeSpan.FromSeconds(3),
            Retry = new RetryOptions { BaseDelay = TimeSpan.FromMilliseconds(100) },
        });
        scene.RunToEnd(run);

        scene.ResultsOf(run).ShouldAllBe(static result => result.Outcome == FetchOutcome.Succeeded);
        scene.ResultsOf(run).Max(static result => result.Waited).ShouldBeGreaterThan(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(5, 0, "the request's time")]
    [InlineData(0, 5, "the fetch's time")]
    public void Retry_after_beyond_the_time_that_is_left_fails_at_once(int requestTimeout, int deadline, string words)
    {
        Scene scene = new() { Answer = static _ => Scene.Status(503, TimeSpan.FromSeconds(6)) };

        FetchRun run = scene.Start(
            Scene.Requests("a.test", 1),
            new FetchOptions { RequestTimeout = TimeSpan.FromSeconds(requestTimeout), Deadline = TimeSpan.FromSeconds(deadline) });
        scene.RunToEnd(run);

        scene.Now.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        FetchResult result = scene.ResultsOf(run)[0];
        (result.Reason, result.Status).ShouldBe((FetchReason.HttpStatus, 503));
        result.Message!.ShouldContain(words);
    }
}
