using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace AsyncApi.Patterns.Processes;

/// <summary>
/// The other side of the pipes: what a program does when it was started as a worker of its own patterns. Call it first
/// thing in the program, before anything that a worker has no use for.
/// </summary>
public static class PatternWorker
{
    /// <summary>The hidden argument that makes the program a worker.</summary>
    public const string Argument = "--pattern-worker";

    /// <summary>Whether the program was started as a worker.</summary>
    public static bool IsAsked(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments is [Argument, ..];
    }

    /// <summary>Works until its input ends, which it does at the latest when the process that started it is gone; gives the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (ChildProgram.IsAsked(arguments))
        {
            return await ChildProgram.RunAsync(arguments);
        }

        YieldToParent();
        using StreamReader input = new(Console.OpenStandardInput(), Encoding.UTF8);
        await using StreamWriter output = new(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        while (await input.ReadLineAsync() is { } line)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(AnswerTo(line)));
            await output.FlushAsync();
        }

        return 0;
    }

    // The cores belong to the program that started the worker first: its answers stay quick while workers compute.
    private static void YieldToParent()
    {
        using Process self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.BelowNormal;
    }

    private static WorkerAnswer AnswerTo(string line)
    {
        try
        {
            return new WorkerAnswer(WorkerWork.Do(JsonSerializer.Deserialize<WorkerCall>(line)!), Error: null);
        }
#pragma warning disable CA1031 // The caller's exception to handle, as in asyncio: it is carried over as words, and the worker lives on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new WorkerAnswer(Result: null, failure.Message);
        }
    }
}
