using AsyncApi.Jobs;
using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace AsyncApi.Tests.Jobs;

/// <summary>Work changes hands whatever else the processes on one database do meanwhile.</summary>
public sealed class TakeOverTests
{
    // Far less than a rescuer that waits for a lock would take.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_that_a_transaction_of_its_late_owner_holds_is_left_for_later_and_holds_up_no_other()
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync("PostgreSQL");
        await jobs.AddAsync();
        await jobs.AddAsync();
        IReadOnlyList<JobLease> leases = await jobs.ClaimAsync(await jobs.EnterAsync());
        await jobs.PassAsync(WorkerStore.Silence * 2);
        Guid alive = await jobs.EnterAsync();

        int rescued = await jobs.Database.WriteLingeringAsync(
            async (session, stop) =>
            {
                await JobStore.ThrowIfLostAsync(session, leases[0], stop);
                return await jobs.Workers.RescueAsync(alive, stop).WaitAsync(Soon, stop);
            },
            Token);

        rescued.ShouldBe(1);
        (await jobs.FindAsync(leases[1].JobId)).Owner.ShouldBeNull();
        (await jobs.Workers.RescueAsync(alive, Token)).ShouldBe(1);
        (await jobs.FindAsync(leases[0].JobId)).Owner.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Dead_job_behind_more_live_ones_than_are_looked_at_at_once_is_found(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartQuicklyAsync(database);
        for (int i = 0; i < 600; i++)
            await jobs.AddAsync();
        Guid alive = await jobs.EnterAsync();
        await jobs.ClaimAsync(alive, 600);
        Job dead = await jobs.AddAsync();
        await jobs.ClaimAndDieAsync();

        (await jobs.Workers.RescueAsync(await jobs.EnterAsync(), Token)).ShouldBe(1);

        (await jobs.FindAsync(dead.Id)).Owner.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Process_that_thaws_in_front_of_a_claim_claims_nothing_under_the_id_that_was_given_up(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Guid frozen = await jobs.EnterAsync();
        Job job = await jobs.AddAsync();
        await jobs.PassAsync(WorkerStore.Silence * 2);
        await jobs.Workers.RescueAsync(await jobs.EnterAsync(), Token);

        (await jobs.ClaimAsync(frozen)).ShouldBeEmpty();

        Job waits = await jobs.FindAsync(job.Id);
        (waits.Status, waits.Attempts).ShouldBe((JobStatus.Queued, 0));
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Whoever_is_struck_out_while_he_claims_keeps_nothing(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Guid rescuer = await jobs.EnterAsync();
        for (int round = 0; round < 30; round++)
        {
            Job job = await jobs.AddAsync();
            Guid silent = await jobs.EnterAsync();
            await jobs.PassAsync(WorkerStore.Silence * 2);
            await jobs.Workers.BeatAsync(rescuer, Token);

            await Task.WhenAll(jobs.ClaimAsync(silent), jobs.Workers.RescueAsync(rescuer, Token));

            Job free = await jobs.FindAsync(job.Id);
            (free.Status, free.Owner).ShouldBe((JobStatus.Queued, null));
        }
    }

    [Fact]
    public async Task Heartbeat_waits_for_no_turn_among_other_writes()
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync("PostgreSQL");
        Guid worker = await jobs.EnterAsync();
        TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] writes = [.. Enumerable.Range(0, 20).Select(_ => jobs.Database.WriteAsync(async (_, stop) => await end.Task.WaitAsync(stop), Token))];

        (await jobs.Workers.BeatAsync(worker, Token).WaitAsync(Soon, Token)).ShouldBeTrue();

        writes.ShouldAllBe(write => !write.IsCompleted);
        end.SetResult();
        await Task.WhenAll(writes);
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task What_a_process_dropped_by_itself_goes_back_at_once_and_was_no_death(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Job dropped = await jobs.AddAsync();
        Guid former = await jobs.EnterAsync();
        JobLease stale = (await jobs.ClaimAsync(former)).ShouldHaveSingleItem();
        Job others = await jobs.AddAsync();
        Guid other = await jobs.EnterAsync();
        await jobs.ClaimAsync(other);

        (await jobs.Workers.ReturnAsync(former, Token)).ShouldBe(1);

        Job back = await jobs.FindAsync(dropped.Id);
        (back.Status, back.Owner, back.Crashes, back.Attempts).ShouldBe((JobStatus.Queued, null, 0, 0));
        (await jobs.FindAsync(others.Id)).Owner.ShouldBe(other);
        (await jobs.Store.FinishAsync(stale, JobStatus.Completed, null, Token)).ShouldBeFalse();
        (await jobs.Workers.BeatAsync(former, Token)).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Job_that_is_a_workers_by_the_table_alone_goes_on_at_the_second_look(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        using WorkerLife life = new(jobs.Time) { Entered = true };
        await jobs.Workers.EnterAsync(life.Id, Token);
        Job worked = await jobs.AddAsync();
        Job unheard = await jobs.AddAsync();
        await jobs.ClaimAsync(life.Id);
        RunningJobs running = new();
        running.Enter(worked);
        using JobMetrics metrics = new(new OwnMeters(), running, new JobKinds([]));
        using JobRescuer rescuer = new(
            jobs.Workers, life, running, new JobWakeUp(), metrics, new LoopHealth(jobs.Time), jobs.Time, NullLogger<JobRescuer>.Instance);
        await rescuer.StartAsync(Token);

        await LookAsync(jobs);
        (await jobs.FindAsync(unheard.Id)).Owner.ShouldBe(life.Id);
        await LookAsync(jobs);

        Job freed = await jobs.FindAsync(unheard.Id);
        (freed.Status, freed.Owner, freed.Crashes).ShouldBe((JobStatus.Queued, null, 1));
        (await jobs.FindAsync(worked.Id)).Owner.ShouldBe(life.Id);
        await rescuer.StopAsync(Token);
    }

    [Theory]
    [MemberData(nameof(DatabaseUnderTest.All), MemberType = typeof(DatabaseUnderTest))]
    public async Task Worker_that_did_not_hear_that_it_has_entered_may_enter_again(string database)
    {
        await using JobsUnderTest jobs = await JobsUnderTest.StartAsync(database);
        Guid worker = await jobs.EnterAsync();

        await jobs.Workers.EnterAsync(worker, Token);

        (await jobs.Workers.BeatAsync(worker, Token)).ShouldBeTrue();
    }

    private static async Task LookAsync(JobsUnderTest jobs)
    {
        await Eventually.Until(() => jobs.Time.ActiveTimers == 1);
        jobs.Time.AdvanceToNextTimer();
        await Eventually.Until(() => jobs.Time.ActiveTimers == 1);
    }
}
