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
