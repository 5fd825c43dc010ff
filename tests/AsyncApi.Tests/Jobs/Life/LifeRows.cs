using AsyncApi.Jobs;
using AsyncApi.Storage;
using AsyncApi.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Jobs.Life;

/// <summary>All that the database says at one moment, in the words of the model.</summary>
internal sealed record LifeRows(SortedDictionary<int, LifeRow> Jobs, SortedDictionary<string, double> LastSeen)
{
    private static readonly DateTimeOffset Start = new ManualTime().GetUtcNow();

    public static double Seconds(DateTimeOffset time) => (time - Start).TotalSeconds;

    public static async Task<LifeRows> ReadAsync(Database database, List<Guid> jobs, Dictionary<Guid, string> names, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        List<Job> rows = await session.Context.Set<Job>().AsNoTracking().ToListAsync(token);
        List<Worker> workers = await session.Context.Set<Worker>().AsNoTracking().ToListAsync(token);
        return new LifeRows(
            new(rows.ToDictionary(job => jobs.IndexOf(job.Id), job => Row(job, names))),
            new(workers.ToDictionary(worker => names[worker.Id], static worker => Seconds(worker.LastSeen)), StringComparer.Ordinal));
    }

    public override string ToString() => Text(Jobs, LastSeen);

    public static string Text(SortedDictionary<int, LifeRow> jobs, SortedDictionary<string, double> lastSeen) =>
        $"{string.Join('\n', jobs.Select(static job => $"job {job.Key}: {job.Value}"))}\nseen: {string.Join(", ", lastSeen)}";

    private static LifeRow Row(Job job, Dictionary<Guid, string> names) =>
        new(job.Status, Seconds(job.CreatedAt), Seconds(job.DueAt))
        {
            Owner = job.Owner is { } owner ? names[owner] : null,
            Token = job.LeaseToken,
            Attempts = job.Attempts,
            Crashes = job.Crashes,
            Done = job.Done,
            Error = job.Error,
            ChangedAt = Seconds(job.ChangedAt),
            StartedAt = Seconds(job.StartedAt),
            FinishedAt = Seconds(job.FinishedAt),
        };

    private static double? Seconds(DateTimeOffset? time) => time is { } known ? Seconds(known) : null;
}
