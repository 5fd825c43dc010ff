namespace AsyncApi.Fetching.Tests.Dispatching;

public sealed class ResumeTests
{
    private static readonly RetryOptions Minute = new() { BaseDelay = TimeSpan.FromMinutes(1) };

    [Fact]
    public void Request_goes_on_where_an_earlier_run_left_it()
    {
        NotingSource source = new(Scene.Requests("a.test", 1));
        Scene first = new() { Answer = static _ => Scene.Status(429) };
        FetchRun cut = first.Start(source, new FetchOptions { Retry = Minute });
        first.RunUntil(() => source.Waits.Count == 2);
        cut.Stop(FetchStop.Abandon);
        (FetchRequest request, FetchRetryWait wait) = source.Waits[1];

        Scene second = new() { Answer = static _ => Scene.Status(429) };
        FetchRun run = second.Start([request with { Resumed = wait }], new FetchOptions { Retry = Minute });
        second.RunToEnd(run);

        (wait.Timeline.Count, wait.WaitsFor).ShouldBe((2, FetchWaitReason.Retry));
        second.Starts[0].At.ShouldBeGreaterThanOrEqualTo(wait.NotBefore - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        FetchResult result = second.ResultsOf(run)[0];
        (result.Attempts, result.Timeline.Count, result.StartedAt).ShouldBe((4, 4, wait.Timeline[0].StartedAt));
        second.Starts.Count.ShouldBe(2);
    }

    [Fact]
    public void Request_time_counts_from_the_first_start_over_runs()
    {
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        FetchAttempt attempt = new() { StartedAt = start.AddSeconds(-10), Duration = TimeSpan.FromSeconds(9), Reason = FetchReason.Timeout };
        Scene scene = new() { Answer = static _ => null };

        FetchRun run = scene.Start(
            [Loopback.Get("http://a.test/") with { Resumed = new FetchRetryWait(start, [attempt], FetchWaitReason.Retry) }],
            new FetchOptions { RequestTimeout = TimeSpan.FromSeconds(12) });
        scene.RunToEnd(run);

        scene.Now.ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.1));
        scene.ResultsOf(run)[0].Reason.ShouldBe(FetchReason.Timeout);
    }

    [Fact]
    public void Thousands_that_wait_are_taken_up_without_holding_new_ones_back()
    {
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        FetchAttempt attempt = new() { StartedAt = start, Reason = FetchReason.Timeout };
        Scene scene = new();
        FetchRetryWait wait = new(start.AddSeconds(100), [attempt], FetchWaitReason.RetryAfter);

        FetchRun run = scene.Start([.. Scene.Requests("a.test", 5_000).Select(request => request with { Resumed = wait }), .. Scene.Requests("a.test", 500, 5_000)]);
        scene.RunUntil(() => scene.ResultsOf(run).Count == 500);

        scene.Now.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        run.Retrying.ShouldBe(5_000);
        scene.RunToEnd(run);
        scene.ResultsOf(run).Count.ShouldBe(5_500);
        scene.Starts.Count(static start => start.Index < 5_000 && start.At < TimeSpan.FromSeconds(100)).ShouldBe(0);
    }

    [Fact]
    public void Source_that_fails_to_note_a_wait_ends_its_fetch()
    {
        Scene scene = new() { Answer = static _ => Scene.Status(429) };

        FetchRun run = scene.Start(new NotingSource(Scene.Requests("a.test", 5)) { Fails = true });
        scene.RunUntil(() => run.State.Over);

        run.State.Error.ShouldBeOfType<FetchSourceException>();
    }

    [Fact]
    public void Hold_is_told_and_can_be_set_again_after_a_restart()
    {
        List<(HostKey Host, DateTimeOffset Until)> told = [];
        Scene first = new() { Answer = static _ => Scene.Status(503, TimeSpan.FromSeconds(30)) };
        first.Engine.HostHeld += (_, held) => told.Add((held.Host, held.Until));
        first.RunToEnd(first.Start(Scene.Requests("a.test", 1), new FetchOptions { Retry = Loopback.NoRetries }));

        Scene second = new();
        second.Engine.Hold(Scene.HostOf("a.test"), TimeSpan.FromSeconds(30));
        FetchRun run = second.Start(Scene.Requests("a.test", 1));
        second.RunToEnd(run);

        told[0].ShouldBe((Scene.HostOf("a.test"), new DateTimeOffset(2026, 1, 1, 0, 0, 30, TimeSpan.Zero)));
        second.Starts[0].At.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(30));
        second.ResultsOf(run)[0].Timeline[0].WaitedFor.ShouldBe(FetchWaitReason.RetryAfter);
    }

    private sealed class NotingSource(IEnumerable<FetchRequest> requests) : IFetchSource
    {
        private readonly ListSource _list = new(requests);

        public bool Fails { get; init; }

        public List<(FetchRequest Request, FetchRetryWait Wait)> Waits { get; } = [];

        public ValueTask<IReadOnlyList<FetchHost>> ReadHostsAsync(int max, CancellationToken token) => _list.ReadHostsAsync(max, token);

        public ValueTask<IReadOnlyList<FetchRequest>> ReadRequestsAsync(HostKey host, int max, CancellationToken token) =>
            _list.ReadRequestsAsync(host, max, token);

        public void OnRetryWait(FetchRequest request, FetchRetryWait wait)
        {
            if (Fails)
            {
                throw new InvalidOperationException("not noted");
            }

            Waits.Add((request, wait));
        }
    }
}
