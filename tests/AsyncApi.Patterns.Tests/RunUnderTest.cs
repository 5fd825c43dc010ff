using System.Text.Json;
using AsyncApi.Patterns.Processes;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests;

/// <summary>
/// Runs a pattern that works with threads, processes or sockets: what only the test itself can know to be waiting. The clock
/// stands still until the test moves it, unless it is the real one.
/// </summary>
internal sealed class RunUnderTest
{
    /// <summary>How a worker process is started: the built service, as in production.</summary>
    public static readonly IReadOnlyList<string> WorkerCommand = [Tool.Require("dotnet"), Repository.ServiceAssembly(), PatternWorker.Argument];

    private readonly PatternRun _run;

    private RunUnderTest(PatternRun run, Task<PatternOutcome> outcome) => (_run, Outcome) = (run, outcome);

    public Task<PatternOutcome> Outcome { get; }

    /// <summary>Events and ended spans so far.</summary>
    public int Entries => _run.Trace.Events.Count + _run.Trace.Spans.Count;

    public PatternTrace Trace => _run.Trace;

    public static Task<PatternOutcome> LiveAsync(string name, object? parameters = null, PatternHost? host = null)
        => Start(TimeProvider.System, name, parameters, host).Outcome;

    public static RunUnderTest Start(
        TimeProvider time, string name, object? parameters = null, PatternHost? host = null, CancellationToken? token = null)
    {
        IPattern pattern = PatternCatalog.Find(name).ShouldNotBeNull();
        JsonElement json = JsonSerializer.SerializeToElement(parameters ?? new { });
        PatternParameters.TryRead(pattern.Parameters, json, out object values, out IReadOnlyList<PatternFault> faults).ShouldBeTrue(string.Join("; ", faults));
        PatternRun run = new(time, host);
        CancellationToken cancelled = token ?? TestContext.Current.CancellationToken;
        return new RunUnderTest(run, Task.Run(() => PatternRunner.RunAsync(pattern, values, run, cancelled), CancellationToken.None));
    }

    /// <summary>
    /// Moves the clock to the next timer, step by step; each as soon as so many timers of the pattern wait and so many entries are in
    /// the trace. Then waits for the end.
    /// </summary>
    public static async Task<PatternOutcome> StepAsync(string name, object? parameters, params (int Timers, int Entries)[] steps)
    {
        ManualTime time = new();
        RunUnderTest run = Start(time, name, parameters);
        foreach ((int timers, int entries) in steps)
        {
            // One timer more: the limit of the run itself.
            await Eventually.Until(() => time.ActiveTimers == timers + 1 && run.Entries == entries);
            time.AdvanceToNextTimer();
        }

        return await run.Outcome.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
    }
}
