using AsyncApi.Fetches;
using AsyncApi.Fetches.Running;
using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using AsyncApi.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Jobs;

/// <summary>A worker that lost its job may try whatever it likes: nothing of it is kept.</summary>
public sealed class FencingTests
{
    private const int Tries = 500;

    private static readonly FetchEnding Ending = FetchEnding.Cancelled;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Stale_writes_of_every_kind_are_refused_500_times_each(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Job job = await jobs.AddAsync();
        JobLease stale = (await jobs.ClaimAsync(await jobs.EnterAsync())).ShouldHaveSingleItem();
        await jobs.PassAsync(WorkerStore.Silence * 2);
        Guid alive = await jobs.EnterAsync();
        (await jobs.Workers.RescueAsync(alive, Token)).ShouldBe(1);
        (await jobs.ClaimAsync(alive)).ShouldHaveSingleItem().JobId.ShouldBe(job.Id);
        Job before = await jobs.FindAsync(job.Id);

        int accepted = 0;
        foreach (Func<Task<bool>> write in WritesOf(jobs, stale))
        {
            bool[] outcomes = await Task.WhenAll(Enumerable.Range(0, Tries).Select(_ => TryAsync(write)));
            accepted += outcomes.Count(outcome => outcome);
        }

        accepted.ShouldBe(0);
        (await jobs.FindAsync(job.Id)).ShouldBeEquivalentTo(before);
        using ReadSession session = await jobs.Database.OpenReadAsync(Token);
        (await session.Context.Set<FetchResultRow>().CountAsync(Token)).ShouldBe(0);
        (await session.Context.Set<FetchWaitRow>().CountAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Lease_that_a_write_has_looked_at_stays_until_its_commit()
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync("PostgreSQL");
        await jobs.AddAsync();
        JobLease lease = (await jobs.ClaimAsync(await jobs.EnterAsync())).ShouldHaveSingleItem();

        await jobs.Database.WriteLingeringAsync(
            async (session, stop) =>
            {
                (await IsFreeAsync(jobs)).ShouldBeTrue();
                await JobStore.ThrowIfLostAsync(session, lease, stop);
                (await IsFreeAsync(jobs)).ShouldBeFalse();
            },
            Token);

        (await IsFreeAsync(jobs)).ShouldBeTrue();
    }

    private static IEnumerable<Func<Task<bool>>> WritesOf(JobsUnderTest jobs, JobLease stale)
    {
        FetchResultStore results = new(jobs.Database);
        FetchWaitStore waits = new(jobs.Database);
        FetchTally tally = new(new Fetch { Options = "{}" });
        KeyValuePair<int, FetchRetryWait> wait = new(0, new FetchRetryWait(jobs.Time.GetUtcNow(), [], FetchWaitReason.Retry));
        yield return () => jobs.Store.FinishAsync(stale, JobStatus.Completed, null, Token);
        yield return () => jobs.Store.HandBackAsync(stale, Token);
        yield return () => Kept(jobs.Database.WriteAsync(async (session, stop) => { await JobStore.ProgressAsync(session, stale, 1, stop); }, Token));
        yield return () => Kept(results.AddAsync(stale, 1, new ResultBatch([]), tally, true, Token));
        yield return () => Kept(results.AddUndoneAsync(stale, 1, 0, 10, tally, Ending, Token));
        yield return () => Kept(waits.WriteAsync(stale, 1, [wait], Token));
    }

    private static async Task<bool> Kept(Task write)
    {
        await write;
        return true;
    }

    private static async Task<bool> TryAsync(Func<Task<bool>> write)
    {
        try
        {
            return await write();
        }
        catch (LeaseLostException)
        {
            return false;
        }
    }

    // Asked over a connection of its own.
    private static Task<bool> IsFreeAsync(JobsUnderTest jobs) => jobs.Database.WriteAsync(
        (session, stop) => session.Prepare("select 1 from jobs" + session.LockingFreeRows).StepAsync(stop), Token);
}
