using AsyncApi.Jobs;

namespace AsyncApi.Tests.Jobs.Life;

/// <summary>What a job's row says, times in seconds since the start, the owner by its name in the test.</summary>
internal sealed record LifeRow(JobStatus Status, double CreatedAt, double? DueAt)
{
    public string? Owner { get; init; }

    public long Token { get; init; }

    public int Attempts { get; init; }

    public int Crashes { get; init; }

    public long Done { get; init; }

    public string? Error { get; init; }

    public double ChangedAt { get; init; } = CreatedAt;

    public double? StartedAt { get; init; }

    public double? FinishedAt { get; init; }
}

internal sealed record LifeLease(int Job, long Token, string Owner);

/// <summary>How jobs live, as docs/job-lifecycle.md says it: a list of rows, a list of workers, no database.</summary>
internal sealed class LifeModel
{
    private static readonly double Silence = WorkerStore.Silence.TotalSeconds;

    public SortedDictionary<int, LifeRow> Jobs { get; } = [];

    public SortedDictionary<string, double> LastSeen { get; } = new(StringComparer.Ordinal);

    public List<LifeLease> Claim(string owner, int limit, double now)
    {
        Change(row => row.Status == JobStatus.Scheduled && row.DueAt <= now, row => row with { Status = JobStatus.Queued, ChangedAt = now });
        if (!LastSeen.ContainsKey(owner))
        {
            return [];
        }

        int[] queued = [.. Find(static row => row.Status == JobStatus.Queued).Take(limit)];
        int[] cancelling = [.. Find(static row => row is { Status: JobStatus.Cancelling, Owner: null })];
        foreach (int job in queued)
        {
            Jobs[job] = Jobs[job] with { Status = JobStatus.Running, ChangedAt = now };
        }

        foreach (int job in queued.Concat(cancelling))
        {
            LifeRow row = Jobs[job];
            Jobs[job] = row with { Owner = owner, Token = row.Token + 1, Attempts = row.Attempts + 1, StartedAt = row.StartedAt ?? now };
        }

        return [.. queued.Concat(cancelling).Select(job => new LifeLease(job, Jobs[job].Token, owner))];
    }

    public bool Holds(LifeLease lease) => Jobs.TryGetValue(lease.Job, out LifeRow? row) && row.Owner is not null && row.Token == lease.Token;

    /// <returns>Whether the job is being cancelled; null when the lease was lost.</returns>
    public bool? Progress(LifeLease lease, long done)
    {
        bool held = Write(lease, row => row with { Done = done, Crashes = row.Crashes < JobStore.MaxCrashes ? 0 : row.Crashes });
        return held ? Jobs[lease.Job].Status == JobStatus.Cancelling : null;
    }

    public bool Finish(LifeLease lease, JobStatus end, string? error, double now) =>
        Write(lease, row => row with
        {
            Status = row.Status == JobStatus.Cancelling ? JobStatus.Cancelled : end,
            Error = error,
            Owner = null,
            FinishedAt = now,
            ChangedAt = now,
        });

    public bool HandBack(LifeLease lease, double now) =>
        Write(lease, row => row with
        {
            Status = row.Status == JobStatus.Running ? JobStatus.Queued : row.Status,
            Attempts = row.Attempts - 1,
            Owner = null,
            ChangedAt = now,
        });

    public void Cancel(int job, double now) =>
        Change(job, static row => row.Status < JobStatus.Cancelling, row => row with { Status = JobStatus.Cancelling, ChangedAt = now });

    public void Pause(int job, double now) =>
        Change(job, static row => row.Status < JobStatus.Paused, row => row with { Status = JobStatus.Paused, ChangedAt = now });

    public void Resume(int job, double now) =>
        Change(job, static row => row.Status == JobStatus.Paused, row => row with
        {
            Status = row.Owner is not null ? JobStatus.Running : row.DueAt > now ? JobStatus.Scheduled : JobStatus.Queued,
            ChangedAt = now,
        });

    /// <param name="common">By the clock that tells who is alive.</param>
    /// <param name="now">By the rescuer's own.</param>
    public int Rescue(string rescuer, double common, double now)
    {
        bool IsDead(string owner) => owner != rescuer && !(LastSeen.TryGetValue(owner, out double seen) && seen >= common - Silence);
        int rescued = Change(row => row.Owner is not null && IsDead(row.Owner), row => Rescued(row, now));
        foreach (string silent in LastSeen.Keys.Where(IsDead).ToArray())
        {
            LastSeen.Remove(silent);
        }

        return rescued;
    }

    /// <summary>Whether it is gone; one that is not over stays.</summary>
    public bool Delete(int job) => Jobs.TryGetValue(job, out LifeRow? row) && row.Status.IsOver() && Jobs.Remove(job);

    private static LifeRow Rescued(LifeRow row, double now)
    {
        LifeRow freed = row with { Crashes = row.Crashes + 1, Owner = null, ChangedAt = now };
        if (freed.Crashes < JobStore.MaxCrashesInAll)
        {
            return freed with { Status = row.Status == JobStatus.Running ? JobStatus.Queued : row.Status };
        }

        JobStatus end = row.Status == JobStatus.Cancelling ? JobStatus.Cancelled : JobStatus.Failed;
        return freed with { Status = end, Error = JobStore.DiedTooOften, FinishedAt = now };
    }

    private int[] Find(Func<LifeRow, bool> which) => [.. Jobs.Where(job => which(job.Value)).Select(static job => job.Key)];

    private int Change(Func<LifeRow, bool> which, Func<LifeRow, LifeRow> change)
    {
        int[] found = Find(which);
        foreach (int job in found)
        {
            Jobs[job] = change(Jobs[job]);
        }

        return found.Length;
    }

    private void Change(int job, Func<LifeRow, bool> which, Func<LifeRow, LifeRow> change)
    {
        if (Jobs.TryGetValue(job, out LifeRow? row) && which(row))
        {
            Jobs[job] = change(row);
        }
    }

    private bool Write(LifeLease lease, Func<LifeRow, LifeRow> change)
    {
        if (!Holds(lease))
        {
            return false;
        }

        Jobs[lease.Job] = change(Jobs[lease.Job]);
        return true;
    }
}
