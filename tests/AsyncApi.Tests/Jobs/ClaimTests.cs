using AsyncApi.Jobs;
using AsyncApi.Tests.Storage;

namespace AsyncApi.Tests.Jobs;

public sealed class ClaimTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Parallel_claims_give_each_job_to_one_worker(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        for (int i = 0; i < 200; i++)
            await jobs.AddAsync();

        IReadOnlyList<JobLease>[] claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ => await jobs.ClaimAsync(await jobs.EnterAsync(), 20)));

        claims.SelectMany(claim => claim).Select(lease => lease.JobId).Distinct().Count().ShouldBe(200);
        claims.Sum(claim => claim.Count).ShouldBe(200);
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Job_that_is_put_off_is_claimed_when_its_time_has_come(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        DateTimeOffset due = jobs.Time.GetUtcNow().AddSeconds(10);
        Job job = await jobs.AddAsync(due: due);
        Guid worker = await jobs.EnterAsync();

        JobClaim early = await jobs.Claims.ClaimAsync(worker, 10, new ClaimShares(), Token);
        jobs.Time.Advance(TimeSpan.FromSeconds(10));
        JobClaim due2 = await jobs.Claims.ClaimAsync(worker, 10, new ClaimShares(), Token);

        (early.Leases.Count, early.NextDue).ShouldBe((0, due));
        (due2.Leases.ShouldHaveSingleItem().JobId, due2.NextDue).ShouldBe((job.Id, null));
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Paused_job_is_not_claimed_and_its_worker_hands_it_back(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Job job = await jobs.AddAsync();
        Guid worker = await jobs.EnterAsync();
        JobLease lease = (await jobs.ClaimAsync(worker)).ShouldHaveSingleItem();

        await jobs.Control.PauseAsync(job.Id, Token);
        (await jobs.Control.FindWishesAsync(worker, Token)).ShouldHaveSingleItem().Id.ShouldBe(job.Id);
        (await jobs.Store.HandBackAsync(lease, Token)).ShouldBeTrue();

        (await jobs.ClaimAsync(worker)).ShouldBeEmpty();
        Job rests = await jobs.FindAsync(job.Id);
        (rests.Status, rests.Owner, rests.Attempts).ShouldBe((JobStatus.Paused, null, 0));
        (await jobs.Control.ResumeAsync(job.Id, Token))!.Status.ShouldBe(JobStatus.Queued);
    }

    [Fact]
    public void Low_gets_its_share_of_single_slots_behind_ever_new_high_ones()
    {
        ClaimShares shares = new();
        int[] given = new int[3];
        for (int slot = 0; slot < 2_100; slot++)
        {
            int[] one = shares.Divide(1, [1_000, 1_000, 1_000]);
            for (int i = 0; i < 3; i++)
                given[i] += one[i];
        }

        given.ShouldBe([1_600, 400, 100]);
    }

    [Fact]
    public void Slots_that_a_class_does_not_want_go_to_the_others()
    {
        new ClaimShares().Divide(10, [1, 0, 20]).ShouldBe([1, 0, 9]);
        new ClaimShares().Divide(10, [0, 2, 1]).ShouldBe([0, 2, 1]);
        new ClaimShares().Divide(1, [1, 1, 1]).ShouldBe([1, 0, 0]);
    }

    [Fact]
    public void Job_of_no_class_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Job { Id = Guid.NewGuid(), Kind = "test", RequestId = "test", Priority = 5 });
}
