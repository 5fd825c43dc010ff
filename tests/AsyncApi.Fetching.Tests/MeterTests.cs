using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;

namespace AsyncApi.Fetching.Tests;

/// <summary>Every limit at once, as two targets see it.</summary>
public sealed class MeterTests : IAsyncLifetime
{
    private const int Engine = 12;
    private const int Host = 8;
    private const int HostRate = 90;
    private const int Fetch = 7;
    private const int FetchHost = 5;
    private const int FetchRate = 50;

    private readonly ConcurrentDictionary<string, Meter> _meters = [];
    private readonly List<TargetServer> _targets = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (byte i = 1; i <= 2; i++)
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

    [Fact]
    public async Task All_limits_hold_at_once()
    {
        await using FetchEngine engine = Loopback.Engine(Loopback.EngineOptions with { MaxConcurrency = Engine, HostConcurrency = 100 });
        foreach (TargetServer target in _targets)
        {
            engine.SetHostLimits(HostKey.Of(target.Address), new HostLimits(Host, HostRate));
        }

        FetchOptions options = new() { Concurrency = Fetch, PerHostConcurrency = FetchHost, RequestsPerSecond = FetchRate };
        Random random = new(3);
        List<FetchResult>[] results = await Task.WhenAll(Enumerable.Range(0, 3).Select(fetch => engine.AllAsync(
            [.. Enumerable.Range(0, 240).Select(i => Loopback.Get(_targets[i % 2].Url($"meter/{i % 2}/{fetch}/{random.Next(1, 120)}"), i))], options)));

        results.ShouldAllBe(static list => list.Count == 240 && list.All(static result => result.Outcome == FetchOutcome.Succeeded));
        Meter("all").Most.ShouldBeInRange(Engine - 2, Engine);
        for (int host = 0; host < 2; host++)
        {
            Meter($"host {host}").ShouldKeep(Host, HostRate);
            for (int fetch = 0; fetch < 3; fetch++)
            {
                Meter($"host {host} fetch {fetch}").ShouldKeep(FetchHost, FetchRate);
            }
        }

        Enumerable.Range(0, 3).ShouldAllBe(fetch => Meter($"fetch {fetch}").Most <= Fetch);
    }

    [Fact]
    public async Task Rate_is_used_up()
    {
        await using FetchEngine engine = Loopback.Engine();
        FetchOptions options = new() { RequestsPerSecond = 100, PerHostConcurrency = 100 };

        List<FetchResult> results = await engine.AllAsync(Enumerable.Range(0, 400).Select(i => Loopback.Get(_targets[0].Url("meter/0/0/1"), i)), options);

        TimeSpan took = results.Max(static result => result.StartedAt) - results.Min(static result => result.StartedAt);
        // 0.98 of the rate is 4.07 s; the rest is the machine's.
        took.ShouldBeInRange(TimeSpan.FromSeconds(3.9), TimeSpan.FromSeconds(5));
        Meter("host 0").ShouldKeep(100, 100);
    }

    private Meter Meter(string name) => _meters.GetOrAdd(name, static _ => new Meter());

    private void Count(WebApplication app) => app.Map("/meter/{host:int}/{fetch:int}/{ms:int}", async (int host, int fetch, int ms) =>
    {
        string[] names = ["all", string.Create(CultureInfo.InvariantCulture, $"host {host}"), $"fetch {fetch}", $"host {host} fetch {fetch}"];
        Array.ForEach(names, name => Meter(name).Enter());
        await Task.Delay(ms, Token);
        Array.ForEach(names, name => Meter(name).Leave());
    });
}

/// <summary>How many were inside at once, and when each came.</summary>
internal sealed class Meter
{
    // A request takes its time to the target: the first ones a connection's too, and on a busy machine one takes more than the next. That
    // the starts keep to the whole second is held in virtual time.
    private static readonly TimeSpan AlmostASecond = TimeSpan.FromSeconds(0.8);
    private const int First = 10;

    private readonly List<long> _arrivals = [];
    private int _inside;

    public int Most { get; private set; }

    public void Enter()
    {
        lock (_arrivals)
        {
            _arrivals.Add(TimeProvider.System.GetTimestamp());
            Most = Math.Max(Most, ++_inside);
        }
    }

    public void Leave()
    {
        lock (_arrivals)
        {
            _inside--;
        }
    }

    public void ShouldKeep(int atOnce, int perSecond)
    {
        Most.ShouldBeLessThanOrEqualTo(atOnce);
        for (int i = First + perSecond; i < _arrivals.Count; i++)
        {
            TimeProvider.System.GetElapsedTime(_arrivals[i - perSecond], _arrivals[i]).ShouldBeGreaterThan(AlmostASecond);
        }
    }
}
