using System.Globalization;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using AsyncApi.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Jobs.Life;

/// <summary>All that the database says at one moment, in the words of the model.</summary>
/// <param name="Seen">The workers that stand in the table; and since when, where a test can set the clock that tells.</param>
internal sealed record LifeRows(SortedDictionary<int, LifeRow> Jobs, string Seen)
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
            SeenText(workers.Select(worker => (names[worker.Id], Seconds(worker.LastSeen))), database.IsShared));
    }

    public static LifeRows Of(LifeModel model, Database database) =>
        new(model.Jobs, SeenText(model.LastSeen.Select(static seen => (seen.Key, seen.Value)), database.IsShared));

    public override string ToString() =>
        $"{string.Join('\n', Jobs.Select(static job => $"job {job.Key}: {job.Value}"))}\nseen: {Seen}";

    private static string SeenText(IEnumerable<(string Name, double At)> workers, bool isShared) =>
        string.Join(", ", workers
            .OrderBy(static worker => worker.Name, StringComparer.Ordinal)
            .Select(worker => isShared ? worker.Name : string.Create(CultureInfo.InvariantCulture, $"{worker.Name} at {worker.At}")));

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
