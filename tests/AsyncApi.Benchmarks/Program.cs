using AsyncApi.Benchmarks;
using AsyncApi.Benchmarks.Engine;
using AsyncApi.Benchmarks.FanOut;
using AsyncApi.Benchmarks.Readers;
using AsyncApi.Benchmarks.Web;

using CancellationTokenSource interrupted = new();
Console.CancelKeyPress += (_, pressed) =>
{
    // What was started is ended and what was written is removed before the program goes.
    pressed.Cancel = true;
    interrupted.Cancel();
};

try
{
    return args switch
    {
        [Loop.Command, ..] => await Loop.RunAsync(args, interrupted.Token),
        [BareServer.Command, ..] => await BareServer.RunAsync(args, interrupted.Token),
        [BusyTarget.Command, ..] => await BusyTarget.RunAsync(interrupted.Token),
        [LatencyLoop.Command, ..] => await LatencyLoop.RunAsync(args, interrupted.Token),
        [MemoryLoop.Command, ..] => await MemoryLoop.RunAsync(args, interrupted.Token),
        [StreamReading.Command, ..] => await StreamReading.RunAsync(args, interrupted.Token),
        _ => await RunAsync(args, interrupted.Token),
    };
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 130;
}

static async Task<int> RunAsync(string[] args, CancellationToken token)
{
    if (!Arguments.TryParse(args, out Arguments? arguments, out string? message))
    {
        await Console.Error.WriteLineAsync(message);
        return 2;
    }

    if (arguments.WantsHelp)
    {
        Console.WriteLine(Arguments.Help);
        return 0;
    }

    if (Machine.WhatIsMissing() is { } missing)
    {
        await Console.Error.WriteLineAsync(missing);
        return 1;
    }

    Console.WriteLine(Machine.Describe());
    foreach (Benchmark benchmark in Benchmark.All.Where(known => arguments.Runs(known.Name)))
    {
        await benchmark.RunAsync(arguments.Rounds, token);
    }

    return 0;
}
