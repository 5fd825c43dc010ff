using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.IO.MemoryMappedFiles;
using AsyncApi.Patterns.Resources;

namespace AsyncApi.Patterns.Processes;

internal sealed record SharedMemoryParameters
{
    [Description("Worker processes; 0 for one a core."), Range(0, 8)]
    public int Processes { get; init; }

    [Description("The length of the array."), Range(1000, 4_000_000)]
    public int Count { get; init; } = 1_000_000;
}

internal sealed record SharedMemoryResult(int Squared, int Wrong, int Processes);

internal sealed class SharedMemoryPattern() : Pattern<SharedMemoryParameters>(
    "shared-memory",
    "One array, many processes",
    "All processes map the same pages and square their chunk in place; only the name of the file and the bounds of a chunk are sent.",
    asyncio: "multiprocessing.shared_memory with run_in_executor(ProcessPoolExecutor())",
    dotnet: "MemoryMappedFile")
{
    protected override async Task<object?> RunAsync(SharedMemoryParameters parameters, PatternRun run, CancellationToken token)
    {
        using RunFolder folder = RunFolder.Create(run.Host);
        string file = folder.File("doubles");
        using MemoryMappedFile memory = MemoryMappedFile.CreateFromFile(file, FileMode.CreateNew, mapName: null, (long)parameters.Count * sizeof(double));
        using MemoryMappedViewAccessor view = memory.CreateViewAccessor();
        Fill(view, parameters.Count);

        await using WorkerPool pool = WorkerPool.Of(run.Host, parameters.Processes);
        int[] squared = await Task.WhenAll(Chunks(file, parameters.Count, pool.Size).Select(chunk => pool.UseAsync(
            worker => run.SpanAsync($"from {chunk.First}", inner => worker.CallAsync<int>(WorkerWork.Square, chunk, inner), token, worker.Name),
            token)));
        return new SharedMemoryResult(squared.Sum(), CountWrong(view, parameters.Count), pool.Size);
    }

    private static IEnumerable<SharedChunk> Chunks(string file, int count, int parts)
    {
        int size = (count + parts - 1) / parts;
        for (int first = 0; first < count; first += size)
        {
            yield return new SharedChunk(file, first, Math.Min(size, count - first));
        }
    }

    // Not all ones, as in the tutorial: their squares would be right without any work.
    private static void Fill(MemoryMappedViewAccessor view, int count)
    {
        for (int index = 0; index < count; index++)
        {
            view.Write((long)index * sizeof(double), index + 0.5);
        }
    }

    private static int CountWrong(MemoryMappedViewAccessor view, int count)
    {
        int wrong = 0;
        for (int index = 0; index < count; index++)
        {
            bool isSquare = view.ReadDouble((long)index * sizeof(double)).Equals((index + 0.5) * (index + 0.5));
            wrong += isSquare ? 0 : 1;
        }

        return wrong;
    }
}
