using System.Globalization;

namespace AsyncApi.Benchmarks.Engine;

/// <summary>What a million requests over ten thousand hosts cost in memory, while some of them wait for a retry.</summary>
internal static class MemoryBenchmark
{
    public const string Name = "memory";

    public static async Task RunAsync(CancellationToken token)
    {
        await using BusyTarget target = await BusyTarget.StartAsync(token);
        await using Worker worker = Worker.Start([MemoryLoop.Command, target.Port.ToString(CultureInfo.InvariantCulture)]);
        double seconds = await worker.RunAsync(token);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n| requests | hosts | waiting for a retry at the end | requests/s | peak memory, MiB |\n|--:|--:|--:|--:|--:|\n"
            + $"| {MemoryLoop.Requests} | {MemoryLoop.Hosts} | {MemoryLoop.Waiting} | {MemoryLoop.Requests / seconds:0} | {ProcessUsage.PeakMemory(worker.ProcessId) / 1048576.0:0} |"));
    }
}
