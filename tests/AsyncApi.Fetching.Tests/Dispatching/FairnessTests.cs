using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Tests.Dispatching;

public sealed class FairnessTests
{
    private readonly List<FetchRun> _starts = [];

    [Fact]
    public void Fetches_share_the_engine_by_their_weights()
    {
        VirtualNetwork network = Network(new FetchEngineOptions { MaxConcurrency = 1 });

        FetchRun[] runs = [Start(network, FetchPriority.Low, "a"), Start(network, FetchPriority.Normal, "b"), Start(network, FetchPriority.High, "c")];
        Run(network, starts: 210);

        runs.Select(run => _starts.Count(start => start == run) / 10.0).ToArray().ShouldBe([1, 4, 16], tolerance: 1.6);
    }

    [Fact]
    public void Fetches_share_a_host_by_their_weights()
    {
        VirtualNetwork network = Network(new FetchEngineOptions { HostConcurrency = 1 });

        FetchRun[] runs = [Start(network, FetchPriority.Low, "a"), Start(network, FetchPriority.Normal, "a"), Start(network, FetchPriority.High, "a")];
        Run(network, starts: 210);

        runs.Select(run => _starts.Count(start => start == run) / 10.0).ToArray().ShouldBe([1, 4, 16], tolerance: 1.6);
    }

    [Theory]
    [InlineData(1, 2_000)]
    [InlineData(2_000, 1)]
    public void Short_fetch_beside_a_long_one_ends_soon(int engineLimit, int hostLimit)
    {
        VirtualNetwork network = Network(new FetchEngineOptions { MaxConcurrency = engineLimit, HostConcurrency = hostLimit });
        Start(network, FetchPriority.Normal, "a");
        Run(network, starts: 100);

        FetchRun small = Start(network, FetchPriority.Normal, "a", requests: 10);
        Run(network, starts: 200);

        small.State.Over.ShouldBeTrue();
        _starts.LastIndexOf(small).ShouldBeLessThan(100 + 32);
    }

    [Fact]
    public void Hosts_of_a_fetch_take_turns()
    {
        List<string> hosts = [];
        VirtualNetwork network = Network(new FetchEngineOptions { MaxConcurrency = 1 });
        network.Started = flow => hosts.Add(flow.Request.Url.Host);
        FetchRequest[] requests = [.. Enumerable.Range(0, 30).Select(static i => Loopback.Get($"http://host{i / 10}.test/", i))];

        network.Engine.Start(new ListSource(requests));
        Run(network, starts: 30, () => hosts.Count);

        hosts.Take(9).Order().ShouldBe(["host0.test", "host0.test", "host0.test", "host1.test", "host1.test", "host1.test", "host2.test", "host2.test", "host2.test"]);
    }

    [Fact]
    public void Last_hundred_behind_a_hanging_host_take_the_time_they_take_alone()
    {
        TimeSpan TimeFor(int hanging)
        {
            Scene scene = new() { Latency = static _ => TimeSpan.FromMilliseconds(20) };
            scene.Answer = static flow => flow.Request.Url.Host == "hangs.test" ? null : Scene.Status(200);
            FetchRun run = scene.Start(Scene.Requests("hangs.test", hanging).Concat(Scene.Requests("quick.test", 100, hanging)));
            scene.RunUntil(() => scene.ResultsOf(run).Count == 100);
            return scene.Now;
        }

        TimeFor(100_000).ShouldBeLessThanOrEqualTo(1.2 * TimeFor(0));
    }

    [Theory]
    [InlineData(429, null)]
    [InlineData(503, 3_000)]
    public void Thousands_of_hosts_that_wait_keep_no_other_from_being_read(int status, int? retryAfter)
    {
        Scene scene = new();
        scene.Answer = flow => flow.Request.Index % 2 == 0 ? Scene.Status(status, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null) : Scene.Status(200);
        // Ten thousand hosts have two requests each: half of them are told to come back, and wait for hours.
        IEnumerable<FetchRequest> requests = Enumerable.Range(0, 20_000).Select(static i => Loopback.Get($"http://host{i / 4 * 2 + i % 2}.test/", i));

        FetchRun run = scene.Start(requests, new FetchOptions { Retry = new RetryOptions { BaseDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) } });
        scene.RunUntil(() => scene.ResultsOf(run).Count == 10_000);

        scene.Now.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        run.Stop(FetchStop.Cancel);
        scene.RunToEnd(run);
    }

    [Theory]
    [InlineData(FetchPriority.Normal, FetchPriority.Normal, 3)]
    [InlineData(FetchPriority.High, FetchPriority.Low, 20)]
    public void Fetch_of_ten_behind_one_of_a_hundred_thousand_starts_soon(FetchPriority big, FetchPriority small, int times)
    {
        // The engine is full: 50 slots, an attempt takes 20 ms.
        TimeSpan TimeFor(int others)
        {
            Scene scene = new(new FetchEngineOptions { MaxConcurrency = 50 }) { Latency = static _ => TimeSpan.FromMilliseconds(20) };
            scene.Start(
                Enumerable.Range(0, others).Select(static i => Loopback.Get($"http://host{i % 20}.test/", i)),
                new FetchOptions { Concurrency = 1_000, Priority = big });
            scene.RunFor(TimeSpan.FromMilliseconds(30));
            TimeSpan began = scene.Now;
            FetchRun run = scene.Start(Scene.Requests("a.test", 10), new FetchOptions { Priority = small, PerHostConcurrency = 2 });
            scene.RunToEnd(run);
            (scene.Starts.First(start => start.Run == run).At - began).ShouldBeLessThan(TimeSpan.FromMilliseconds(100));
            return scene.Now - began;
        }

        TimeFor(100_000).ShouldBeLessThanOrEqualTo(times * TimeFor(0));
    }

    [Fact]
    public void Low_priority_always_advances()
    {
        Scene scene = new(new FetchEngineOptions { MaxConcurrency = 4 }) { Latency = static _ => TimeSpan.FromMilliseconds(10) };
        FetchRun low = scene.Start(Scene.Requests("low.test", 1_000), new FetchOptions { Priority = FetchPriority.Low });
        for (int i = 0; i < 5; i++)
        {
            scene.Start(Scene.Requests($"high{i}.test", 20_000), new FetchOptions { Priority = FetchPriority.High });
        }

        for (int second = 0; second < 5; second++)
        {
            int before = scene.ResultsOf(low).Count;
            scene.RunFor(TimeSpan.FromSeconds(1));
            // 400 starts a second, of which it weighs 1 in 81.
            (scene.ResultsOf(low).Count - before).ShouldBeInRange(3, 12);
        }
    }

    private VirtualNetwork Network(FetchEngineOptions options) =>
        new(options, static _ => new Attempt(TimeSpan.FromMilliseconds(10), new AttemptOutcome { Status = 200 })) { Started = flow => _starts.Add(flow.Run) };

    private static FetchRun Start(VirtualNetwork network, FetchPriority priority, string host, int requests = 900) =>
        network.Engine.Start(
            new ListSource(Enumerable.Range(0, requests).Select(i => Loopback.Get($"http://{host}.test/", i))), new FetchOptions { Priority = priority });

    private void Run(VirtualNetwork network, int starts, Func<int>? count = null)
    {
        count ??= () => _starts.Count;
        network.Settle();
        while (count() < starts)
        {
            network.Step().ShouldBeTrue();
            network.Settle();
        }
    }
}
