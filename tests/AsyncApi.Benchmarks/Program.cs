using AsyncApi.Benchmarks;
using AsyncApi.Benchmarks.FanOut;
using AsyncApi.Benchmarks.Submission;

using CancellationTokenSource interrupted = new();
Console.CancelKeyPress += (_, pressed) =>
{
    // What was started is ended and what was written is removed before the program goes.
    pressed.Cancel = true;
    interrupted.Cancel();
};

if (args is [Loop.Command, ..])
{
    return await Loop.RunAsync(args, interrupted.Token);
}

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
try
{
    if (arguments.Runs(FanOutBenchmark.Name))
    {
        await FanOutBenchmark.RunAsync(arguments.Rounds, interrupted.Token);
    }

    if (arguments.Runs(SubmissionBenchmark.Name))
    {
        await SubmissionBenchmark.RunAsync(interrupted.Token);
    }

    return 0;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 130;
}
