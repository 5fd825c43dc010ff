using System.Globalization;
using AsyncApi.Benchmarks.Web;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Engine;

/// <summary>
/// How much of its slots a client makes when the target takes its time: ideal is every slot taken all the time. The bare loop and the
/// engine take turns; wrk, a client that costs next to nothing, tells what the target really takes.
/// </summary>
internal static class LatencyBenchmark
{
    public const string Name = "latency";

    private const int WrkSeconds = 8;

    private static readonly LatencyCase[] Cases = [new(50_000, 500, 50), new(50_000, 5_000, 1_000)];

    public static async Task RunAsync(int rounds, CancellationToken token)
    {
        await using Nginx target = await LateTarget.StartAsync(Cases.Select(static one => one.Milliseconds));
        Console.WriteLine("\n| target answers after | to wrk, p50 | at once | requests | bare loop / ideal | engine / ideal | engine / bare |\n|--:|--:|--:|--:|--:|--:|--:|");
        foreach (LatencyCase one in Cases)
        {
            await RunAsync(one, target, rounds, token);
        }
    }

    private static async Task RunAsync(LatencyCase one, Nginx target, int rounds, CancellationToken token)
    {
        double median = await Wrk.MedianAsync(new Uri(target.Address, LateTarget.PathOf(one.Milliseconds)), one.Concurrency, WrkSeconds, token);
        await using Worker bare = Worker.Start([LatencyLoop.Command, LatencyLoop.Bare, .. one.ToArguments(target.Address.Port)]);
        await using Worker engine = Worker.Start([LatencyLoop.Command, LatencyLoop.Engine, .. one.ToArguments(target.Address.Port)]);
        List<(double Bare, double Engine)> seconds = [];
        // The first opens the connections and is not counted.
        for (int round = 0; round <= rounds; round++)
        {
            (double Bare, double Engine) measured = (await bare.RunAsync(token), await engine.RunAsync(token));
            if (round > 0)
            {
                seconds.Add(measured);
            }
        }

        double bareSeconds = seconds.Median(static round => round.Bare);
        double engineSeconds = seconds.Median(static round => round.Engine);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {one.Milliseconds} ms | {median:0.0} ms | {one.Concurrency} | {one.Requests} | {one.IdealSeconds / bareSeconds:0.00} | {one.IdealSeconds / engineSeconds:0.00} "
            + $"| {seconds.Median(static round => round.Bare / round.Engine):0.00} |"));
    }
}

/// <param name="Requests">All of them.</param>
/// <param name="Concurrency">At once.</param>
/// <param name="Milliseconds">What the target takes for one.</param>
internal sealed record LatencyCase(int Requests, int Concurrency, int Milliseconds)
{
    public double IdealSeconds => (double)Requests / Concurrency * Milliseconds / 1000;

    public static LatencyCase Parse(ReadOnlySpan<string> arguments) =>
        new(Number(arguments[0]), Number(arguments[1]), Number(arguments[2]));

    public string[] ToArguments(int port) => [Text(Requests), Text(Concurrency), Text(Milliseconds), Text(port)];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
