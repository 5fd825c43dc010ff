using AsyncApi.TestSupport;

namespace AsyncApi.Fetching.Tests;

public sealed class StopTests : IAsyncLifetime
{
    private readonly FetchEngine _engine = Loopback.Engine();
    private TargetServer _target = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _target = await TargetServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Theory]
    [InlineData(FetchStop.Cancel, 5)]
    [InlineData(FetchStop.Abandon, 0)]
    public async Task Stop_cuts_what_is_in_flight_and_starts_nothing(FetchStop stop, int results)
    {
        FetchRun run = Start("delay/600000", 20, new FetchOptions { Concurrency = 5 });
        await Eventually.Until(() => _target.Running == 5);

        run.Stop(stop);

        List<FetchResult> read = await ReadAsync(run);
        read.Count.ShouldBe(results);
        read.ShouldAllBe(static result => result.Outcome == FetchOutcome.Cancelled && result.Reason == FetchReason.Cancelled);
        await Eventually.Until(() => _target.Aborted == 5);
        _target.TotalHits.ShouldBe(5);
    }

    [Fact]
    public async Task Drain_lets_what_is_in_flight_end()
    {
        FetchRun run = Start("delay/300", 20, new FetchOptions { Concurrency = 5 });
        await Eventually.Until(() => _target.Running == 5);

        run.Stop(FetchStop.Drain);

        List<FetchResult> read = await ReadAsync(run);
        read.Count.ShouldBe(5);
        read.ShouldAllBe(static result => result.Outcome == FetchOutcome.Succeeded);
        _target.TotalHits.ShouldBe(5);
    }

    [Theory]
    [InlineData(FetchStop.Drain, 0)]
    [InlineData(FetchStop.Cancel, 3_000)]
    [InlineData(FetchStop.Abandon, 0)]
    public async Task Stop_ends_every_wait_for_a_retry(FetchStop stop, int results)
    {
        RetryOptions patient = new() { BaseDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) };
        FetchRun run = Start("status/429", 3_000, new FetchOptions { Concurrency = 50, PerHostConcurrency = 50, Retry = patient });
        await Eventually.Until(() => run.Retrying == 3_000);

        run.Stop(stop);

        List<FetchResult> read = await ReadAsync(run);
        read.Count.ShouldBe(results);
        read.ShouldAllBe(static result => result.Reason == FetchReason.Cancelled && result.Attempts == 1);
    }

    [Fact]
    public async Task Dispose_of_the_engine_ends_what_runs()
    {
        FetchRun run = Start("delay/600000", 20, new FetchOptions { Concurrency = 5 });
        await Eventually.Until(() => _target.Running == 5);

        await _engine.DisposeAsync();

        (await ReadAsync(run)).ShouldBeEmpty();
        await Eventually.Until(() => _target.Aborted == 5);
    }

    [Fact]
    public async Task Leaving_the_loop_abandons_the_rest()
    {
        await foreach (FetchResult result in _engine.FetchAsync(Requests("ok/1", 1).Concat(Requests("delay/600000", 5)), token: Token))
        {
            result.Outcome.ShouldBe(FetchOutcome.Succeeded);
            break;
        }

        await Eventually.Until(() => _target.Running == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Source_that_fails_ends_its_fetch_with_its_failure_and_no_other(bool inHosts)
    {
        await using FetchRun faulty = _engine.Start(new FaultySource(inHosts));

        FetchSourceException failure = await Should.ThrowAsync<FetchSourceException>(() => ReadAsync(faulty));

        failure.InnerException.ShouldBeOfType<InvalidOperationException>();
        (await _engine.OneAsync(_target.Url("ok/1"))).Outcome.ShouldBe(FetchOutcome.Succeeded);
    }

    [Fact]
    public async Task Source_that_names_a_host_twice_ends_its_fetch_and_no_other()
    {
        await using FetchRun faulty = _engine.Start(new RepeatingSource(HostKey.Of(_target.Address)));

        await Should.ThrowAsync<FetchSourceException>(() => ReadAsync(faulty));

        (await _engine.OneAsync(_target.Url("ok/1"))).Outcome.ShouldBe(FetchOutcome.Succeeded);
    }

    [Fact]
    public async Task Results_that_nobody_reads_hold_the_fetch_back()
    {
        FetchRun run = Start("ok/1", 5_000, new FetchOptions { Concurrency = 10 });
        await Eventually.Until(() => _target.TotalHits >= 1024 && run.Running == 0);
        int before = _target.TotalHits;

        List<FetchResult> read = await ReadAsync(run);

        before.ShouldBeLessThanOrEqualTo(1024 + 10);
        read.Count.ShouldBe(5_000);
    }

    [Fact]
    public async Task Bodies_that_nobody_takes_hold_every_fetch_back_until_they_are()
    {
        await using FetchEngine engine = Loopback.Engine(Loopback.EngineOptions with { MaxUnreadBodyBytes = 200_000 });
        FetchRun run = engine.Start(new ListSource(Requests("bytes/20000", 100)), new FetchOptions { Concurrency = 2 });
        await Eventually.Until(() => _target.TotalHits >= 5 && run.Running == 0);
        int before = _target.TotalHits;

        List<FetchResult> read = await ReadAsync(run);

        before.ShouldBeLessThanOrEqualTo(5 + 2);
        read.Count.ShouldBe(100);
    }

    [Theory]
    [InlineData(FetchStopWhen.FirstSuccess, FetchReason.Stopped)]
    [InlineData(FetchStopWhen.Never, FetchReason.Deadline)]
    public async Task Gather_that_ends_early_has_a_result_for_each_request(FetchStopWhen stopWhen, FetchReason reason)
    {
        FetchRequest[] requests = [.. Requests("delay/600000", 9_000).Prepend(Loopback.Get(_target.Url("ok/first")))];
        FetchOptions options = new() { StopWhen = stopWhen, Deadline = stopWhen is FetchStopWhen.Never ? TimeSpan.FromSeconds(1) : TimeSpan.Zero };

        IReadOnlyList<FetchResult> results = await _engine.GatherAsync(requests, options, Token);

        results[0].Outcome.ShouldBe(FetchOutcome.Succeeded);
        results.Skip(1).ShouldAllBe(result => result.Outcome == FetchOutcome.Cancelled && result.Reason == reason && result.Message != null);
        results.Count.ShouldBe(9_001);
    }

    [Fact]
    public async Task Reader_that_takes_nothing_holds_no_other_fetch_back()
    {
        await using FetchEngine engine = Loopback.Engine(Loopback.EngineOptions with { MaxUnreadBodyBytes = 100_000 });
        await using FetchRun idle = engine.Start(new ListSource(Requests("bytes/30000", 100)));
        await Eventually.Until(() => idle.Unread >= 2 && idle.Running == 0);

        List<FetchResult> read = await engine.AllAsync(Requests("bytes/30000", 100));

        read.Count.ShouldBe(100);
        idle.Unread.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Start_options_out_of_range_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Start("ok/1", 1, new FetchOptions { Concurrency = 0 })).ParamName.ShouldBe("options.Concurrency");
        Should.Throw<ArgumentOutOfRangeException>(() => Start("ok/1", 1, new FetchOptions { Timeout = Timeout.InfiniteTimeSpan }));
        Should.Throw<ArgumentOutOfRangeException>(() => new FetchEngine(new FetchEngineOptions { MaxConcurrency = 0 }));
        (await _engine.OneAsync(_target.Url("ok/1"))).Outcome.ShouldBe(FetchOutcome.Succeeded);
    }

    [Fact]
    public async Task Gather_keeps_the_order_of_the_list_and_takes_a_request_twice()
    {
        FetchRequest slow = Loopback.Get(_target.Url("delay/200"));
        FetchRequest quick = Loopback.Get(_target.Url("ok/quick"));

        IReadOnlyList<FetchResult> results = await _engine.GatherAsync([slow, quick, slow], token: Token);

        results.Select(static result => result.Text()).ShouldBe(["late", "quick", "late"]);
        _target.Hits("/delay/200").ShouldBe(2);
    }

    private FetchRun Start(string path, int count, FetchOptions options) => _engine.Start(new ListSource(Requests(path, count)), options);

    private IEnumerable<FetchRequest> Requests(string path, int count) => Enumerable.Range(0, count).Select(i => Loopback.Get(_target.Url(path), i));

    private static async Task<List<FetchResult>> ReadAsync(FetchRun run)
    {
        List<FetchResult> results = [];
        await foreach (FetchResult result in run.ReadAllAsync(Token))
        {
            results.Add(result);
        }

        return results;
    }

    private sealed class FaultySource(bool inHosts) : IFetchSource
    {
        public ValueTask<IReadOnlyList<FetchHost>> ReadHostsAsync(int max, CancellationToken token) =>
            inHosts ? throw new InvalidOperationException("no hosts") : new([new FetchHost(new HostKey("http", "127.0.0.1", 80), 1)]);

        public async ValueTask<IReadOnlyList<FetchRequest>> ReadRequestsAsync(HostKey host, int max, CancellationToken token)
        {
            await Task.Yield();
            throw new InvalidOperationException("no requests");
        }
    }

    private sealed class RepeatingSource(HostKey host) : IFetchSource
    {
        public ValueTask<IReadOnlyList<FetchHost>> ReadHostsAsync(int max, CancellationToken token) => new([new FetchHost(host, 1), new FetchHost(host, 1)]);

        public ValueTask<IReadOnlyList<FetchRequest>> ReadRequestsAsync(HostKey host, int max, CancellationToken token) => new([]);
    }
}
