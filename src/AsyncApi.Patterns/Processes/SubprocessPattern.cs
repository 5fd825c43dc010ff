using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics;

namespace AsyncApi.Patterns.Processes;

internal sealed record SubprocessParameters
{
    [Description("How long a child may take, in seconds."), Range(0.1, 20.0)]
    public double TimeoutSeconds { get; init; } = 5;

    [Description("Whether the child hangs, with a child of its own, instead of saying hello.")]
    public bool Hang { get; init; }
}

/// <param name="ExitCode">Null when the child was killed.</param>
/// <param name="Output">The lines of its standard output.</param>
/// <param name="Errors">The lines of its standard error output.</param>
internal sealed record SubprocessResult(int? ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors);

internal sealed class SubprocessPattern() : Pattern<SubprocessParameters>(
    "subprocess",
    "Another program",
    "Both outputs are read as they come, which also keeps the child from blocking on a full pipe. On timeout it is killed with all its children.",
    asyncio: "asyncio.create_subprocess_exec, proc.stdout, proc.kill()",
    dotnet: "Process, WaitForExitAsync, Kill(entireProcessTree: true)")
{
    protected override Task<object?> RunAsync(SubprocessParameters parameters, PatternRun run, CancellationToken token) => run.SpanAsync(
        "child",
        async inner =>
        {
            using Process child = Start(run.Host, parameters.Hang ? ChildProgram.Hang : ChildProgram.Hello);
            Task<List<string>> output = ReadAsync("output", child.StandardOutput, run);
            Task<List<string>> errors = ReadAsync("error output", child.StandardError, run);
            bool ended = await EndsAsync(child, parameters.TimeoutSeconds, run, inner);
            // The pipes end with the last process that holds them.
            return (object?)new SubprocessResult(ended ? child.ExitCode : null, await output, await errors);
        },
        token);

    private static Process Start(PatternHost host, string what)
    {
        ProcessStartInfo start = WorkerProcess.StartOf([.. WorkerPool.CommandOf(host), what]);
        start.RedirectStandardError = true;
        return WorkerProcess.Launch(start);
    }

    private static async Task<List<string>> ReadAsync(string stream, StreamReader reader, PatternRun run)
    {
        List<string> lines = [];
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            run.Event(stream, line);
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>False when the time was up. Whatever happens, nothing of the child runs any more behind this.</summary>
    private static async Task<bool> EndsAsync(Process child, double seconds, PatternRun run, CancellationToken token)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(seconds), run.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, token);
        try
        {
            await child.WaitForExitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !token.IsCancellationRequested)
        {
            run.Event("child", $"killed after {seconds} s");
            return false;
        }
        finally
        {
            child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }
}
