using System.Diagnostics;
using System.Globalization;

namespace AsyncApi.Patterns.Processes;

/// <summary>The little program that <c>subprocess</c> starts: prints on both streams and ends, or hangs with a child of its own.</summary>
internal static class ChildProgram
{
    public const string Hello = "hello";
    public const string Hang = "hang";

    /// <summary>The exit code of a child that says hello, so that it can be told from success by accident.</summary>
    public const int ExitCode = 7;

    public static bool IsAsked(IReadOnlyList<string> arguments) => arguments is [_, Hello or Hang];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments[1] == Hang)
        {
            return await HangAsync();
        }

        await Console.Out.WriteLineAsync("hi from child");
        await Console.Error.WriteLineAsync("a word on the error output");
        await Console.Out.WriteLineAsync("bye from child");
        return ExitCode;
    }

    /// <summary>Starts a worker, which waits for input that never comes, says which process it is, and waits for it.</summary>
    private static async Task<int> HangAsync()
    {
        string[] command = Environment.GetCommandLineArgs();
        ProcessStartInfo start = WorkerProcess.StartOf(OwnCommand(command[0]));
        using Process grandchild = Process.Start(start)!;
        await Console.Out.WriteLineAsync(grandchild.Id.ToString(CultureInfo.InvariantCulture));
        await grandchild.WaitForExitAsync();
        return grandchild.ExitCode;
    }

    // Started through the dotnet host, the program is the assembly; on its own it is its own executable.
    private static string[] OwnCommand(string program) =>
        program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, program, PatternWorker.Argument]
            : [Environment.ProcessPath!, PatternWorker.Argument];
}
