namespace AsyncApi.Fetching.Tests.Dispatching;

public sealed class RateTests
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0.5, 60)]
    [InlineData(1, 60)]
    [InlineData(2.5, 60)]
    [InlineData(10, 20)]
    [InlineData(150, 10)]
    [InlineData(1_000, 5)]
    [InlineData(10_000, 2)]
    public void Rate_of_a_fetch_is_used_and_never_exceeded(double rate, int seconds)
    {
        Scene scene = new();

        scene.Start(Scene.Requests("a.test", 25_000), new FetchOptions { RequestsPerSecond = rate });
        scene.RunFor(TimeSpan.FromSeconds(seconds));

        MostInASecond(scene, rate).ShouldBeLessThanOrEqualTo(Math.Max(1, (int)Math.Ceiling(rate)));
        ((scene.Starts.Count - 1) / (double)seconds).ShouldBeGreaterThanOrEqualTo(0.98 * rate - (1.0 / seconds));
    }

    [Fact]
    public void Rate_is_not_made_up_for_after_idleness()
    {
        Scene scene = new();
        scene.Answer = flow => flow.Request.Index < 3 ? Scene.Status(200) : null;
        FetchRun run = scene.Start(Scene.Requests("a.test", 40), new FetchOptions { RequestsPerSecond = 100, PerHostConcurrency = 3, Timeout = TimeSpan.FromSeconds(20), Retry = Loopback.NoRetries });

        scene.RunToEnd(run);

        MostInASecond(scene, 100).ShouldBeLessThanOrEqualTo(100);
        // Three hang for twenty seconds; those behind them come one by one all the same.
        TimeSpan[] late = [.. scene.Starts.Where(static start => start.At > TimeSpan.FromSeconds(10)).Select(static start => start.At).Take(3)];
        (late[2] - late[0]).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void Rate_of_a_host_holds_over_all_fetches_and_for_no_other_host()
    {
        Scene scene = new();
        scene.Engine.SetHostLimits(Scene.HostOf("a.test"), new HostLimits(null, 50));

        FetchRun[] runs = [.. Enumerable.Range(0, 3).Select(_ => scene.Start(Scene.Requests("a.test", 400).Concat(Scene.Requests("b.test", 100, 400))))];
        scene.RunFor(TimeSpan.FromSeconds(10));

        SeenStart[] limited = [.. scene.Starts.Where(static start => start.Host.Name == "a.test")];
        MostInASecond(limited, OneSecond).ShouldBeLessThanOrEqualTo(50);
        limited.Length.ShouldBeGreaterThanOrEqualTo(490);
        runs.ShouldAllBe(run => limited.Count(start => start.Run == run) > 120);
        scene.Starts.Where(static start => start.Host.Name == "b.test").ShouldAllBe(static start => start.At < TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void Rate_is_each_hosts_own()
    {
        Scene scene = new();

        FetchRun run = scene.Start([.. Enumerable.Range(0, 100).Select(static i => Loopback.Get($"http://host{i}.test/", i))], new FetchOptions { RequestsPerSecond = 0.1 });
        scene.RunToEnd(run);

        scene.Now.ShouldBeLessThan(OneSecond);
    }

    [Fact]
    public void Rate_that_is_changed_holds_at_once()
    {
        Scene scene = new();
        FetchRun run = scene.Start(Scene.Requests("a.test", 10_000), new FetchOptions { RequestsPerSecond = 1 });
        scene.RunFor(TimeSpan.FromSeconds(3));
        int slow = scene.Starts.Count;

        run.Change(new FetchLimits(100, 10, 100, FetchPriority.Normal));
        scene.RunFor(TimeSpan.FromSeconds(2));
        int quick = scene.Starts.Count;
        run.Change(new FetchLimits(100, 10, 1, FetchPriority.Normal));
        scene.RunFor(TimeSpan.FromSeconds(2));
        int slowAgain = scene.Starts.Count;
        run.Change(new FetchLimits(100, 10, 0, FetchPriority.Normal));
        scene.RunToEnd(run);

        slow.ShouldBeInRange(3, 4);
        (quick - slow).ShouldBeInRange(195, 201);
        (slowAgain - quick).ShouldBeInRange(1, 2);
        scene.Now.ShouldBeLessThan(TimeSpan.FromSeconds(8));
    }

    private static int MostInASecond(Scene scene, double rate) =>
        MostInASecond([.. scene.Starts], rate >= 1 ? OneSecond : OneSecond / rate);

    /// <summary>The most starts in any window, its ends included.</summary>
    private static int MostInASecond(SeenStart[] starts, TimeSpan window)
    {
        int most = 0;
        for (int first = 0, last = 0; last < starts.Length; last++)
        {
            while (starts[last].At - starts[first].At > window)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
