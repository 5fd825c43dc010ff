using System.Globalization;

namespace AsyncApi.Benchmarks.FanOut;

/// <summary>
/// The same fan-out by each contender in turn, round after round, so that a slow minute of the machine strikes all of them. The
/// first contender is the measure: ratios are taken within a round, and their median is told.
/// </summary>
internal static class FanOutBenchmark
{
    public const string Name = "fan-out";

    // By the fourth round the runtime has optimised what is hot in each of them.
    private const int WarmUps = 6;

    public static async Task RunAsync(int rounds, CancellationToken token)
    {
        Console.WriteLine($"\n{Name}: {Target.Urls} GETs of {Target.BodyBytes} bytes, {Target.Concurrency} at once, {rounds} rounds after {WarmUps} to warm up");
        await using Target target = await Target.StartAsync(token);
        await using LoopContender bare = LoopContender.Start("bare loop", Loop.Bare, target.Address);
        await using LoopContender engine = LoopContender.Start("engine", Loop.Engine, target.Address);
        await using ServiceContender service = await ServiceContender.StartAsync(target.Address);
        Entry[] entries = [new(bare), new(engine), new(service)];
        for (int round = 1 - WarmUps; round <= rounds; round++)
        {
            foreach (Entry entry in entries)
            {
                Round measured = await entry.Contender.RunAsync(token);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {(round <= 0 ? "warm-up" : $"round {round}"),-8} {entry.Contender.Name,-26} {Target.Urls / measured.Elapsed.TotalSeconds,8:0} requests/s"));
                if (round > 0)
                {
                    entry.Rounds.Add(measured);
                }
            }
        }

        Print(entries);
    }

    private static void Print(Entry[] entries)
    {
        Console.WriteLine("\n| contender | requests/s | of bare | CPU-s for 10,000 | bare's / own | peak memory, MiB |\n|---|--:|--:|--:|--:|--:|");
        Entry measure = entries[0];
        foreach (Entry entry in entries)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {entry.Contender.Name} | {Target.Urls / entry.Rounds.Median(round => round.Elapsed.TotalSeconds):0} "
                + $"| {measure.Elapsed.Zip(entry.Elapsed, (bare, own) => bare / own).Median():0.00} "
                + $"| {entry.Processor * 10_000 / Target.Urls:0.000} | {measure.Processor / entry.Processor:0.00} "
                + $"| {ProcessUsage.PeakMemory(entry.Contender.ProcessId) / 1048576.0:0} |"));
        }

        Entry service = entries[^1];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nThe service's time is from its 202 to the end of the job. Submission before it: {service.Rounds.Median(round => round.Submission.TotalSeconds):0.000} s; "
            + $"both together: {Target.Urls / service.Rounds.Median(round => (round.Submission + round.Elapsed).TotalSeconds):0} requests/s."));
    }

    private sealed record Entry(IContender Contender)
    {
        public List<Round> Rounds { get; } = [];

        public IEnumerable<double> Elapsed => Rounds.Select(round => round.Elapsed.TotalSeconds);

        // The mean: the kernel tells it in steps of 10 ms, which one round alone would feel.
        public double Processor => Rounds.Average(round => round.Processor.TotalSeconds);
    }
}
