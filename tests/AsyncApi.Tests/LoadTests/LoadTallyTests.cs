using AsyncApi.Fetching;
using AsyncApi.LoadTests;
using FsCheck;
using FsCheck.Fluent;

namespace AsyncApi.Tests.LoadTests;

public sealed class LoadTallyTests
{
    private static readonly Gen<int[]> Latencies = Gen.Choose(1, 400).SelectMany(count => Gen.OneOf(
        Gen.Choose(0, 1_000), Gen.Choose(0, 60_000_000)).ArrayOf(count));

    [Fact]
    public void Percentiles_are_those_of_the_sorted_list_to_within_a_128th()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Latencies.ToArbitrary(), microseconds =>
        {
            LoadLatency latency = Tally(microseconds).ToFigures(TimeSpan.FromSeconds(1)).LatencyMs!;
            int[] sorted = [.. microseconds.Order()];

            latency.Min.ShouldBe(sorted[0] / 1000.0, 0.0006);
            latency.Max.ShouldBe(sorted[^1] / 1000.0, 0.0006);
            latency.Mean.ShouldBe(microseconds.Average() / 1000, 0.0006);
            foreach ((double share, double found) in ((double, double)[])[(0.5, latency.P50), (0.9, latency.P90), (0.95, latency.P95), (0.99, latency.P99)])
            {
                double exact = sorted[(int)Math.Ceiling(share * sorted.Length) - 1] / 1000.0;
                found.ShouldBeInRange(exact - 0.0006, (exact * (1 + (1 / 128.0))) + 0.0006);
            }
        }));

    [Fact]
    public void Bars_rise_hold_all_and_end_with_the_largest()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Latencies.ToArbitrary(), microseconds =>
        {
            LoadFigures figures = Tally(microseconds).ToFigures(TimeSpan.FromSeconds(1));
            double[] bounds = [.. figures.Histogram.Select(bar => bar.UpToMs)];

            bounds.ShouldBe(bounds.Distinct().Order());
            figures.Histogram.Sum(bar => bar.Count).ShouldBe(microseconds.Length);
            bounds[^1].ShouldBe(figures.LatencyMs!.Max);
            double below = -1;
            foreach (LoadBucket bar in figures.Histogram)
            {
                bar.Count.ShouldBe(microseconds.LongCount(value => value / 1000.0 > below && value / 1000.0 <= bar.UpToMs + 0.00001));
                below = bar.UpToMs + 0.00001;
            }
        }));

    [Fact]
    public void Failures_are_counted_by_their_reason_and_only_timeouts_are_measured()
    {
        LoadTally tally = new();
        tally.Add(new LoadAnswer(204, 1_500_000), TimeSpan.FromMilliseconds(10), late: false);
        tally.Add(new LoadAnswer(302, 500_000), TimeSpan.FromMilliseconds(20), late: true);
        tally.Add(new LoadAnswer(503, 0), TimeSpan.FromMilliseconds(30), late: false);
        tally.Add(new LoadAnswer(0, 0, FetchReason.Timeout), TimeSpan.FromMilliseconds(10_000), late: false);
        tally.Add(new LoadAnswer(0, 0, FetchReason.Connect), TimeSpan.FromMilliseconds(1), late: false);

        LoadFigures figures = tally.ToFigures(TimeSpan.FromSeconds(2));

        (figures.Requests, figures.Succeeded, figures.Failed, figures.StartedLate).ShouldBe((5, 2, 3, 1));
        figures.Statuses.ShouldBe(new Dictionary<string, long> { ["204"] = 1, ["302"] = 1, ["503"] = 1 }, ignoreOrder: true);
        figures.Reasons.ShouldBe(new Dictionary<string, long> { ["timeout"] = 1, ["connect"] = 1 }, ignoreOrder: true);
        (figures.TotalMegabytes, figures.MegabytesPerSecond, figures.RequestsPerSecond).ShouldBe((2, 1, 2.5));
        (figures.LatencyMs!.Min, figures.LatencyMs.Max).ShouldBe((10, 10_000));
    }

    [Fact]
    public void Nothing_measured_has_no_latency()
    {
        LoadFigures figures = new LoadTally().ToFigures(TimeSpan.Zero);

        (figures.LatencyMs, figures.RequestsPerSecond, figures.Histogram.Count).ShouldBe((null, 0, 0));
    }

    private static LoadTally Tally(int[] microseconds)
    {
        LoadTally tally = new();
        foreach (int value in microseconds)
        {
            tally.Add(new LoadAnswer(200, 0), TimeSpan.FromMicroseconds(value), late: false);
        }

        return tally;
    }
}
