using System.Diagnostics;
using System.Net;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;

namespace AsyncApi.Fetching.Tests;

/// <summary>Limits as the targets see them, all at once.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly List<TargetServer> _targets = [];
    private int _inAll;
    private int _mostInAll;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (byte i = 1; i <= 3; i++)
        {
            _targets.Add(await TargetServer.StartAsync(Count, address: new IPAddress([127, 0, 0, i])));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TargetServer target in _targets)
        {
            await target.DisposeAsync();
        }
    }

    // Two fetches at once to three hosts: what all targets together and the busiest one may see.
    [Theory]
    [InlineData(12, 100, 100, 100, 12, 12)]
    [InlineData(2_000, 100, 7, 100, 14, 14)]
    [InlineData(2_000, 100, 100, 3, 18, 6)]
    [InlineData(2_000, 5, 100, 100, 15, 5)]
    public async Task Limit_is_used_and_never_exceeded(int engineLimit, int hostLimit, int fetchLimit, int fetchHostLimit, int inAll, int atOneHost)
    {
        await using FetchEngine engine = Loopback.Engine(Loopback.EngineOptions with { MaxConcurrency = engineLimit, HostConcurrency = hostLimit });
        FetchOptions options = new() { Concurrency = fetchLimit, PerHostConcurrency = fetchHostLimit };
        Random random = new(7);
        FetchRequest[] requests = [.. Enumerable.Range(0, 300).Select(i => Loopback.Get(_targets[i % 3].Url($"counted/{random.Next(1, 30)}"), i))];

        List<FetchResult>[] results = await Task.WhenAll(engine.AllAsync(requests, options), engine.AllAsync(requests, options));

        results.ShouldAllBe(static list => list.Count == 300 && list.All(static result => result.Outcome == FetchOutcome.Succeeded));
        _targets.Max(static target => target.MaxConcurrency).ShouldBeLessThanOrEqualTo(atOneHost);
        Volatile.Read(ref _mostInAll).ShouldBeInRange(inAll / 2, inAll);
    }

    private void Count(WebApplication app) => app.Map("/counted/{ms:int}", async (int ms) =>
    {
        int now = Interlocked.Increment(ref _inAll);
        int most;
        while (now > (most = Volatile.Read(ref _mostInAll)) && Interlocked.CompareExchange(ref _mostInAll, now, most) != most)
        {
        }

        await Task.Delay(ms, Token);
        Interlocked.Decrement(ref _inAll);
    });

    [Fact]
    public async Task Requests_behind_a_host_that_hangs_end_at_once()
    {
        await using TargetServer hanging = await TargetServer.StartAsync(static app => app.Map("/hang", static context => Task.Delay(Timeout.Infinite, context.RequestAborted)));
        await using FetchEngine engine = Loopback.Engine();
        IEnumerable<FetchRequest> requests = Enumerable.Range(0, 2_000).Select(i => Loopback.Get(hanging.Url("hang"), i))
            .Concat(Enumerable.Range(2_000, 50).Select(i => Loopback.Get(_targets[0].Url("ok/1"), i)));
        await using FetchRun run = engine.Start(new ListSource(requests), new FetchOptions { Timeout = TimeSpan.FromMinutes(10) });

        for (int i = 0; i < 50; i++)
        {
            (await run.WaitToReadAsync(Token)).ShouldBeTrue();
            run.TryRead(out FetchResult? result).ShouldBeTrue();
            result.Outcome.ShouldBe(FetchOutcome.Succeeded);
        }

        hanging.MaxConcurrency.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public async Task Cancel_of_thousands_in_flight_ends_them_soon()
    {
        await using TargetServer hanging = await TargetServer.StartAsync(static app => app.Map("/hang", static context => Task.Delay(Timeout.Infinite, context.RequestAborted)));
        await using FetchEngine engine = Loopback.Engine(Loopback.EngineOptions with { HostConcurrency = 1_000 });
        FetchOptions options = new() { Concurrency = 1_000, PerHostConcurrency = 1_000, Timeout = TimeSpan.FromMinutes(10) };
        FetchRun run = engine.Start(new ListSource(Enumerable.Range(0, 10_000).Select(i => Loopback.Get(hanging.Url("hang"), i))), options);
        await Eventually.Until(() => hanging.Running == 1_000);

        long stopped = Stopwatch.GetTimestamp();
        run.Stop(FetchStop.Cancel);
        int cancelled = 0;
        await foreach (FetchResult result in run.ReadAllAsync(Token))
        {
            cancelled += result.Outcome == FetchOutcome.Cancelled ? 1 : 0;
        }

        cancelled.ShouldBe(1_000);
        Stopwatch.GetElapsedTime(stopped).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        await Eventually.Until(() => hanging.Running == 0);
    }

    [Fact]
    public async Task Cancel_of_ten_thousand_in_flight_ends_them_soon_and_closes_their_sockets()
    {
        await using SilentServer server = new();
        // Each has its share: what the first gives back when it is stopped is nothing that the second may take.
        int each = SilentServer.MostConnections(10_000) / 2;
        int most = each * 2;
        FetchEngineOptions engineOptions = Loopback.EngineOptions with { MaxConcurrency = most, HostConcurrency = most };
        await using FetchEngine engine = Loopback.Engine(engineOptions);
        FetchOptions options = new() { Concurrency = each, PerHostConcurrency = 1_000, Timeout = TimeSpan.FromMinutes(10) };
        FetchRun[] runs = [.. Enumerable.Range(0, 2).Select(_ => engine.Start(
            new ListSource(Enumerable.Range(0, 50_000).Select(i => Loopback.Get($"http://127.0.0.{(i % 20) + 1}:{server.Port}/", i))), options))];
        await Eventually.Until(() => server.Asked == most);

        long stopped = Stopwatch.GetTimestamp();
        Array.ForEach(runs, static run => run.Stop(FetchStop.Cancel));
        int cancelled = 0;
        foreach (FetchRun run in runs)
        {
            await foreach (FetchResult result in run.ReadAllAsync(Token))
            {
                cancelled += result.Outcome == FetchOutcome.Cancelled ? 1 : 0;
            }
        }

        await Eventually.Until(() => server.Open == 0);
        TimeSpan took = Stopwatch.GetElapsedTime(stopped);
        TestContext.Current.TestOutputHelper?.WriteLine($"{cancelled} ended and closed after {took.TotalSeconds:0.00} s");
        // What a busy machine failed to connect waited for its retry.
        cancelled.ShouldBeGreaterThanOrEqualTo(most);
        server.Asked.ShouldBe(most);
        took.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }
}
