using AsyncApi.Fetching.Dispatching;
using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Tests.Dispatching;

public sealed class RetryTests
{
    // So many failures are no test of the circuit.
    private static readonly FetchEngineOptions Closed = new() { Circuit = new CircuitOptions { MinimumAttempts = 10_000 } };

    private readonly List<(int Index, TimeSpan At)> _starts = [];
    private readonly List<FetchResult> _results = [];
    private Func<RequestFlow, AttemptOutcome> _answer = static _ => Status(200);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Request_that_keeps_failing_is_tried_as_often_as_said(int retries)
    {
        _answer = static _ => Status(500);

        Play([Loopback.Get("http://a.test/")], new RetryOptions { MaxRetries = retries });

        _starts.Count.ShouldBe(retries + 1);
        (_results[0].Reason, _results[0].Status, _results[0].Attempts).ShouldBe((FetchReason.HttpStatus, 500, retries + 1));
    }

    [Fact]
    public void Waits_between_attempts_grow_and_stay_under_their_ceilings()
    {
        _answer = static _ => Status(500);
        RetryOptions retry = new() { MaxRetries = 8, BaseDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(10) };

        Play([.. Enumerable.Range(0, 50).Select(static i => Loopback.Get("http://a.test/", i))], retry);

        TimeSpan[][] waits = [.. _starts.GroupBy(static start => start.Index).Select(static group => Gaps([.. group.Select(static start => start.At)]))];
        for (int retryNumber = 0; retryNumber < 8; retryNumber++)
        {
            TimeSpan ceiling = TimeSpan.FromSeconds(Math.Min(10, Math.Pow(2, retryNumber)));
            waits.ShouldAllBe(gaps => gaps[retryNumber] <= ceiling);
            // Full jitter: from nothing to the ceiling, half of it on average.
            waits.Average(gaps => gaps[retryNumber] / ceiling).ShouldBeInRange(0.35, 0.65);
        }
    }

    [Theory]
    [InlineData("GET", 500, null, false, 4)]
    [InlineData("PUT", 500, null, false, 4)]
    [InlineData("DELETE", 500, null, false, 4)]
    [InlineData("POST", 500, null, false, 1)]
    [InlineData("PATCH", 503, null, false, 1)]
    [InlineData("POST", 500, null, true, 4)]
    [InlineData("POST", 503, 1, false, 4)]
    [InlineData("POST", 429, 1, false, 4)]
    [InlineData("POST", 500, 1, false, 1)]
    [InlineData("GET", 404, null, false, 1)]
    [InlineData("GET", 408, null, false, 4)]
    public void Request_is_repeated_only_when_it_may_be(string method, int status, int? retryAfter, bool hasKey, int attempts)
    {
        _answer = _ => Status(status, retryAfter is null ? null : TimeSpan.FromSeconds(retryAfter.Value));
        FetchRequest request = Loopback.Get("http://a.test/") with
        {
            Method = new HttpMethod(method),
            Headers = hasKey ? Loopback.Headers(("Idempotency-Key", "1")) : FetchHeaders.None,
        };

        Play([request], new RetryOptions());

        _starts.Count.ShouldBe(attempts);
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    public void Post_is_repeated_when_it_never_left(bool neverLeft, int attempts)
    {
        _answer = _ => AttemptOutcome.Failed(FetchReason.Connect, "refused", neverLeft);

        Play([Loopback.Get("http://a.test/") with { Method = HttpMethod.Post }], new RetryOptions());

        _starts.Count.ShouldBe(attempts);
    }

    [Fact]
    public void Retry_after_holds_the_request_and_its_whole_host_and_no_other()
    {
        _answer = flow => flow is { Request.Index: 0, Attempts: 1 } ? Status(503, TimeSpan.FromSeconds(5)) : Status(200);
        FetchRequest[] requests = [Loopback.Get("http://a.test/"), Loopback.Get("http://a.test/", 1), Loopback.Get("http://b.test/", 2)];

        Play(requests, new RetryOptions(), perHost: 1);

        _starts.First(static start => start.Index == 2).At.ShouldBe(TimeSpan.Zero);
        _starts.Where(static start => start.Index < 2).Skip(1).ShouldAllBe(static start => start.At >= TimeSpan.FromSeconds(5));
        _results.ShouldAllBe(static result => result.Outcome == FetchOutcome.Succeeded);
    }

    [Fact]
    public void Retry_after_that_is_longer_than_the_fetch_waits_fails_all_at_once_and_says_so()
    {
        _answer = static _ => Status(429, TimeSpan.FromDays(300));

        Play([.. Enumerable.Range(0, 5).Select(static i => Loopback.Get("http://a.test/", i))], new RetryOptions(), perHost: 1);

        _starts.Count.ShouldBe(1);
        _results.Count.ShouldBe(5);
        _results.ShouldAllBe(static result => result.Reason == FetchReason.HttpStatus && result.Status == 429 && result.Message!.Contains("asked to wait for 25920000 s"));
    }

    [Fact]
    public void Retry_after_holds_for_a_fetch_that_comes_later()
    {
        _answer = flow => flow.Request.Index == 0 ? Status(503, TimeSpan.FromSeconds(5)) : Status(200);
        VirtualNetwork network = Network();
        FetchRun first = network.Engine.Start(new ListSource([Loopback.Get("http://a.test/")]), new FetchOptions { Retry = Loopback.NoRetries });
        RunUntil(network, () => first.State.Over);

        FetchRun second = network.Engine.Start(new ListSource([Loopback.Get("http://a.test/", 1)]));
        RunUntil(network, () => second.State.Over);

        _starts[1].At.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5));
        RunUntil(network, () => network.KnownHosts == 0);
    }

    [Fact]
    public void Slot_is_free_while_a_request_waits_for_its_retry()
    {
        _answer = static flow => flow is { Request.Index: 0, Attempts: 1 } ? Status(500, TimeSpan.FromSeconds(30)) : Status(200);

        Play([Loopback.Get("http://a.test/"), Loopback.Get("http://a.test/", 1)], new RetryOptions(), perHost: 1);

        _starts.Select(static start => (start.Index, start.At.TotalSeconds)).ShouldBe([(0, 0), (1, 0), (0, 30)]);
        _results.Single(static result => result.Request.Index == 0).Waited.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Later_attempt_that_hangs_is_cut_like_the_first()
    {
        VirtualNetwork network = new(new FetchEngineOptions(), static _ => new Attempt(TimeSpan.Zero, null));
        FetchRun run = network.Engine.Start(
            new ListSource([Loopback.Get("http://a.test/")]), new FetchOptions { Timeout = TimeSpan.FromSeconds(1), Retry = Loopback.QuickRetries });

        RunUntil(network, () => run.State.Over);

        run.TryRead(out FetchResult? result).ShouldBeTrue();
        (result.Reason, result.Attempts).ShouldBe((FetchReason.Timeout, 4));
        network.Time.GetTimestamp().ShouldBeLessThan(TimeSpan.FromSeconds(5).Ticks);
    }

    private void Play(FetchRequest[] requests, RetryOptions retry, int perHost = 10)
    {
        VirtualNetwork network = Network();
        FetchRun run = network.Engine.Start(new ListSource(requests), new FetchOptions { Retry = retry, PerHostConcurrency = perHost });
        RunUntil(network, () => run.State.Over);
        while (run.TryRead(out FetchResult? result))
        {
            _results.Add(result);
        }
    }

    private VirtualNetwork Network()
    {
        VirtualNetwork network = null!;
        return network = new VirtualNetwork(Closed, flow => new Attempt(TimeSpan.Zero, _answer(flow)))
        {
            Started = flow => _starts.Add((flow.Request.Index, TimeSpan.FromTicks(network.Time.GetTimestamp()))),
        };
    }

    private static void RunUntil(VirtualNetwork network, Func<bool> isOver)
    {
        network.Settle();
        while (!isOver())
        {
            network.Step().ShouldBeTrue("something is left to happen");
            network.Settle();
        }
    }

    private static AttemptOutcome Status(int status, TimeSpan? retryAfter = null) => new()
    {
        Reason = status < 400 ? FetchReason.None : FetchReason.HttpStatus,
        Status = status,
        RetryAfter = retryAfter,
    };

    private static TimeSpan[] Gaps(TimeSpan[] times) => [.. times.Zip(times.Skip(1), static (before, after) => after - before)];
}
