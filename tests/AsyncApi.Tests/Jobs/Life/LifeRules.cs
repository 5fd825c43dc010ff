using AsyncApi.Jobs;

namespace AsyncApi.Tests.Jobs.Life;

/// <summary>What holds for the rows whatever the model thinks: said once more in other words, as a model may share the code's mistake.</summary>
internal static class LifeRules
{
    public static void Check(LifeRows before, LifeRows after, IReadOnlyDictionary<int, int> begun, IReadOnlyList<LifeLease> leases)
    {
        foreach ((int job, LifeRow row) in after.Jobs)
        {
            CheckRow(row);
            row.Attempts.ShouldBe(begun.GetValueOrDefault(job), "attempts are the claims that were not handed back");
            leases.Count(lease => lease.Job == job && lease.Token == row.Token && row.Owner is not null)
                .ShouldBe(row.Owner is null ? 0 : 1, "owners of one job");
            if (before.Jobs.TryGetValue(job, out LifeRow? was))
            {
                CheckChange(was, row);
            }
        }
    }

    private static void CheckRow(LifeRow row)
    {
        row.FinishedAt.HasValue.ShouldBe(row.Status.IsOver(), "a job has an end when it is over");
        if (row.Status is not (JobStatus.Running or JobStatus.Paused or JobStatus.Cancelling))
        {
            row.Owner.ShouldBeNull("nobody has a job that is not being worked on");
        }

        if (row.Status == JobStatus.Running)
        {
            row.Owner.ShouldNotBeNull("somebody has a job that runs");
        }

        row.Crashes.ShouldBeLessThanOrEqualTo(JobStore.MaxCrashesInAll);
        if (row.Crashes == JobStore.MaxCrashesInAll)
        {
            row.Status.IsOver().ShouldBeTrue("a job is over when the process died again and again even while giving it up");
        }
    }

    private static void CheckChange(LifeRow was, LifeRow row)
    {
        if (was.Status.IsOver())
        {
            row.ShouldBe(was, "a job that is over never changes");
        }

        if (was.Status == JobStatus.Cancelling)
        {
            row.Status.ShouldBeOneOf([JobStatus.Cancelling, JobStatus.Cancelled], "a wish to cancel that came first wins");
        }

        if (was.Status == JobStatus.Paused)
        {
            row.Token.ShouldBe(was.Token, "a job that rests is not claimed");
        }

        if (was.Owner is not null && row.Owner is not null)
        {
            (row.Owner, row.Token).ShouldBe((was.Owner, was.Token), "an owner is never replaced");
        }

        if (was.Crashes >= JobStore.MaxCrashes)
        {
            row.Crashes.ShouldBeGreaterThanOrEqualTo(was.Crashes, "three deaths are not forgotten");
        }
    }
}
