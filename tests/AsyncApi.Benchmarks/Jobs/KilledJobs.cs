using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Jobs;

/// <summary>What becomes of jobs whose 202 was seen when the process is killed under them, over and over.</summary>
internal static class KilledJobs
{
    private const int Kills = 50;
    private const int Clients = 16;

    // Under load, and milliseconds.
    private const int ShortestLife = 50;
    private const int LongestLife = 1_500;

    public static async Task MeasureAsync(CancellationToken token)
    {
        using TempFolder data = new();
        int seed = Random.Shared.Next();
        Random random = new(seed);
        Dictionary<Guid, DateTimeOffset> killed = [];
        for (int i = 0; i < Kills; i++)
        {
            (List<Guid> posted, DateTimeOffset at) = await LiveAsync(data, random.Next(ShortestLife, LongestLife), token);
            posted.ForEach(job => killed.Add(job, at));
        }

        await using NoOpService last = await NoOpService.StartAsync(data, token);
        await last.DrainAsync(token);
        List<NoOpJob> jobs = await last.ListAsync(token);
        Dictionary<Guid, NoOpJob> completed = jobs.Where(job => job.Status == "completed").ToDictionary(job => job.Id);
        int lost = killed.Keys.Count(job => !completed.ContainsKey(job));
        int repeated = jobs.Count(job => job.Attempts > 1);
        int recovered = killed.Count(job => completed.TryGetValue(job.Key, out NoOpJob? over) && over.FinishedAt > job.Value);
        Console.WriteLine($"\n{Kills} kills (SIGKILL) under {Clients} clients, seed {seed}\n\n| answered with 202 | lost | completed after a later start | taken up twice |\n|--:|--:|--:|--:|");
        Console.WriteLine($"| {killed.Count} | {lost} | {recovered} | {repeated} |");
    }

    private static async Task<(List<Guid> Posted, DateTimeOffset Killed)> LiveAsync(TempFolder data, int milliseconds, CancellationToken token)
    {
        NoOpService service = await NoOpService.StartAsync(data, token);
        Task<List<Guid>> posting = JobsBenchmark.PostAsync(service, Clients, token);
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, token);
        DateTimeOffset killed = TimeProvider.System.GetUtcNow();
        await service.DisposeAsync();
        return (await posting, killed);
    }
}
