using System.IO.MemoryMappedFiles;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AsyncApi.Patterns.Processes;

/// <summary>
/// What a worker process can do. A function cannot be sent to another process, its name and its argument can: Python pickles
/// them, here they are JSON.
/// </summary>
internal static class WorkerWork
{
    public const string Prime = "prime";
    public const string Greet = "greet";
    public const string Square = "square";
    public const string Crash = "crash";
    public const string Hang = "hang";

    /// <summary>The exit code of a worker that was told to crash.</summary>
    public const int CrashExitCode = 3;

    public static JsonNode? Do(WorkerCall call) => call.Work switch
    {
        Prime => NthPrime(call.Argument.GetInt32()),
        Greet => JsonSerializer.SerializeToNode(call.Argument.EnumerateArray().Select(name => $"Hello, {name.GetString()}!")),
        Square => SquareInPlace(call.Argument.Deserialize<SharedChunk>()!),
        Crash => throw Exit(),
        Hang => throw Sleep(),
        _ => throw new NotSupportedException($"No worker can do \"{call.Work}\"."),
    };

    /// <summary>Slow on purpose: all the time goes into one core.</summary>
    private static int NthPrime(int n)
    {
        int candidate = 1;
        for (int found = 0; found < n;)
        {
            candidate++;
            found += IsPrime(candidate) ? 1 : 0;
        }

        return candidate;
    }

    private static bool IsPrime(int number)
    {
        for (int divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Works on the pages that all processes have mapped: what is written here is seen there, and nothing is sent.</summary>
    private static int SquareInPlace(SharedChunk chunk)
    {
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(chunk.File, FileMode.Open);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor();
        for (long index = chunk.First; index < chunk.First + chunk.Count; index++)
        {
            double value = view.ReadDouble(index * sizeof(double));
            view.Write(index * sizeof(double), value * value);
        }

        return chunk.Count;
    }

    private static InvalidOperationException Exit()
    {
        Environment.Exit(CrashExitCode);
        return new InvalidOperationException("unreachable");
    }

    private static InvalidOperationException Sleep()
    {
        using ManualResetEventSlim never = new();
        never.Wait();
        return new InvalidOperationException("unreachable");
    }
}

/// <summary>The part of a shared array that one worker is to handle: only this is sent to it.</summary>
internal sealed record SharedChunk(string File, long First, int Count);
