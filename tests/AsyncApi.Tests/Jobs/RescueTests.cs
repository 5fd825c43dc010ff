using AsyncApi.Jobs;
using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Jobs;

public sealed class RescueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Job_of_a_worker_that_is_silent_for_30_seconds_goes_on_and_not_before(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Job job = await jobs.AddAsync();
        Guid dead = await jobs.EnterAsync();
        await jobs.ClaimAsync(dead);
        Guid alive = await jobs.EnterAsync();

        // A server's clock goes on meanwhile.
        TimeSpan slack = database == "SQLite" ? TimeSpan.Zero : TimeSpan.FromSeconds(10);
        await jobs.PassAsync(WorkerStore.Silence - slack);
        (await jobs.Workers.BeatAsync(alive, Token)).ShouldBeTrue();
        (await jobs.Workers.RescueAsync(alive, Token)).ShouldBe(0);
        await jobs.PassAsync(slack + TimeSpan.FromMilliseconds(1));
        (await jobs.Workers.RescueAsync(alive, Token)).ShouldBe(1);

        Job rescued = await jobs.FindAsync(job.Id);
        (rescued.Status, rescued.Owner, rescued.Crashes).ShouldBe((JobStatus.Queued, null, 1));
        (await jobs.Workers.BeatAsync(dead, Token)).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Worker_that_lost_its_job_changes_nothing_before_and_after_the_next_claim(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Job job = await jobs.AddAsync();
        JobLease stale = (await jobs.ClaimAsync(await jobs.EnterAsync())).ShouldHaveSingleItem();
        await jobs.Control.CancelAsync(job.Id, Token);
        await jobs.PassAsync(WorkerStore.Silence * 2);
        Guid alive = await jobs.EnterAsync();
        await jobs.Workers.RescueAsync(alive, Token);

        await ShouldChangeNothingAsync(jobs, stale);
        await jobs.ClaimAsync(alive);
        await ShouldChangeNothingAsync(jobs, stale);
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Rescuer_takes_nothing_from_itself_however_the_clock_jumps(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Job job = await jobs.AddAsync();
        Guid worker = await jobs.EnterAsync();
        await jobs.ClaimAsync(worker);

        await jobs.PassAsync(TimeSpan.FromDays(1));
        (await jobs.Workers.RescueAsync(worker, Token)).ShouldBe(0);

        (await jobs.FindAsync(job.Id)).Owner.ShouldBe(worker);
        (await jobs.Workers.BeatAsync(worker, Token)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Start_alone_rescues_all_at_once(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        for (int i = 0; i < 1_100; i++)
            await jobs.AddAsync();
        await jobs.ClaimAsync(await jobs.EnterAsync(), 2_000);
        Guid next = Guid.NewGuid();

        await jobs.Workers.EnterAloneAsync(next, Token);

        (await jobs.Workers.RescueAsync(next, Token)).ShouldBe(1_100);
        (await jobs.ClaimAsync(next, 2_000)).Count.ShouldBe(1_100);
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Tenth_death_is_the_end_and_those_before_are_remembered_for_the_claim(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Job job = await jobs.AddAsync();
        for (int death = 1; death < JobStore.MaxCrashesInAll; death++)
        {
            await jobs.ClaimAndDieAsync();
            await jobs.Workers.RescueAsync(Guid.NewGuid(), Token);
            Job dead = await jobs.FindAsync(job.Id);
            (dead.Status, dead.Crashes).ShouldBe((JobStatus.Queued, death));
        }

        await jobs.ClaimAndDieAsync();
        await jobs.Workers.RescueAsync(Guid.NewGuid(), Token);

        Job over = await jobs.FindAsync(job.Id);
        (over.Status, over.Error, over.FinishedAt).ShouldBe((JobStatus.Failed, JobStore.DiedTooOften, jobs.Time.GetUtcNow()));
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Progress_makes_up_for_deaths_unless_the_work_starts_over(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Job job = await jobs.AddAsync();
        await jobs.ClaimAndDieAsync();
        await jobs.Workers.RescueAsync(Guid.NewGuid(), Token);
        JobLease lease = (await jobs.ClaimAsync(await jobs.EnterAsync())).ShouldHaveSingleItem();

        await jobs.Database.WriteAsync((session, stop) => JobStore.ProgressAsync(session, lease, 7, stop, startsOver: true), Token);
        Job startedOver = await jobs.FindAsync(job.Id);
        await jobs.Database.WriteAsync((session, stop) => JobStore.ProgressAsync(session, lease, 8, stop), Token);
        Job wentOn = await jobs.FindAsync(job.Id);

        (startedOver.Done, startedOver.Crashes).ShouldBe((7, 1));
        (wentOn.Done, wentOn.Crashes).ShouldBe((8, 0));
    }

    [Fact]
    public async Task Process_whose_clock_is_ten_minutes_ahead_or_behind_rescues_nothing_early_and_is_not_rescued()
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync("PostgreSQL");
        Job job = await jobs.AddAsync();
        Guid worker = await jobs.EnterAsync();
        await jobs.ClaimAsync(worker);
        foreach (TimeSpan wrong in (TimeSpan[])[TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(-10)])
        {
            WorkerStore astray = new(jobs.Database, new ManualTime(TimeProvider.System.GetUtcNow() + wrong));
            Guid other = Guid.NewGuid();
            await astray.EnterAsync(other, Token);
            (await astray.BeatAsync(other, Token)).ShouldBeTrue();

            (await astray.RescueAsync(other, Token)).ShouldBe(0);
            (await jobs.Workers.RescueAsync(worker, Token)).ShouldBe(0);
            (await astray.BeatAsync(other, Token)).ShouldBeTrue();
        }

        (await jobs.FindAsync(job.Id)).Owner.ShouldBe(worker);
        (await jobs.Workers.BeatAsync(worker, Token)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Tenth_death_of_a_job_that_is_being_cancelled_cancels_it(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Job job = await jobs.AddAsync();
        for (int death = 1; death < JobStore.MaxCrashesInAll; death++)
        {
            await jobs.ClaimAndDieAsync();
            await jobs.Workers.RescueAsync(Guid.NewGuid(), Token);
        }

        await jobs.ClaimAndDieAsync();
        await jobs.Control.CancelAsync(job.Id, Token);
        await jobs.Workers.RescueAsync(Guid.NewGuid(), Token);

        Job over = await jobs.FindAsync(job.Id);
        (over.Status, over.Owner, over.FinishedAt).ShouldBe((JobStatus.Cancelled, null, jobs.Time.GetUtcNow()));
    }

    private static async Task ShouldChangeNothingAsync(JobsUnderTest jobs, JobLease stale)
    {
        (await jobs.Store.FinishAsync(stale, JobStatus.Completed, null, Token)).ShouldBeFalse();
        (await jobs.Store.HandBackAsync(stale, Token)).ShouldBeFalse();
        await Should.ThrowAsync<LeaseLostException>(() =>
            jobs.Database.WriteAsync((session, stop) => JobStore.ProgressAsync(session, stale, 1, stop), Token));
    }
}
