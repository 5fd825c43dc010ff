using AsyncApi.Jobs;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Jobs.Life;

/// <summary>Plays a plan on the stores and on the model, and compares the two after every step.</summary>
internal sealed class LifePlayer(JobsUnderTest stores, LifePlan plan, CancellationToken token)
{
    private const string Failure = "It did not work.";

    private readonly LifeModel _model = new();
    private readonly List<Guid> _jobs = [];
    private readonly Dictionary<Guid, string> _names = [];
    private readonly LifeWorker[] _workers = [.. Enumerable.Range(0, LifePlan.Workers).Select(i => new LifeWorker(stores.Database, $"{(char)('A' + i)}"))];
    private readonly List<(LifeLease Known, JobLease Real, LifeWorker Worker)> _leases = [];
    private readonly Dictionary<int, int> _begun = [];
    private readonly JobDeletionStore _deletions = new(stores.Database, new JobKinds([]), new NoCallbacks(), stores.Time);

    private readonly double _start = LifeRows.Seconds(stores.Time.GetUtcNow());

    public async Task PlayAsync()
    {
        await ForgetAllAsync();
        foreach (int delay in plan.Delays)
        {
            DateTimeOffset now = stores.Time.GetUtcNow();
            Job job = await stores.AddAsync(due: delay == 0 ? null : now.AddSeconds(delay));
            _model.Jobs[_jobs.Count] = new LifeRow(job.Status, _start, delay == 0 ? null : _start + delay);
            _jobs.Add(job.Id);
        }

        foreach (LifeWorker worker in _workers)
        {
            worker.Time.Advance(TimeSpan.FromSeconds(_start));
            await EnterAsync(worker);
        }

        LifeRows before = await ReadAsync();
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            before = await StepAsync(before, i);
        }
    }

    private async Task<LifeRows> StepAsync(LifeRows before, int number)
    {
        LifeStep step = plan.Steps[number];
        try
        {
            await DoAsync(step, before);
            LifeRows after = await ReadAsync();
            Compare(after.ToString(), LifeRows.Of(_model, stores.Database).ToString());
            LifeRules.Check(before, after, _begun, [.. _leases.Select(static lease => lease.Known)]);
            return after;
        }
        catch (ShouldAssertException failure)
        {
            throw new ShouldAssertException($"At step {number + 1}, {step}:\n{failure.Message}\nbefore it\n{before}", failure);
        }
    }

    // A difference letter by letter would be longer than all else.
    private static void Compare(string rows, string model)
    {
        if (rows != model)
        {
            throw new ShouldAssertException($"the rows are now\n{rows}\nwhere the model says\n{model}");
        }
    }

    private Task DoAsync(LifeStep step, LifeRows before)
    {
        LifeWorker worker = _workers[step.Worker];
        return step.Act switch
        {
            LifeAct.Claim => ClaimAsync(worker, step.Slots),
            LifeAct.Beat => BeatAsync(worker),
            LifeAct.Rescue => RescueAsync(worker),
            LifeAct.Stop => StopAsync(worker),
            LifeAct.Crash => BeginAnewAsync(worker),
            LifeAct.RestartAlone => BeginAloneAsync(worker),
            LifeAct.Progress or LifeAct.Finish or LifeAct.HandBack => WriteAsync(step, before),
            LifeAct.Pass => PassAsync(step.Amount),
            LifeAct.Jump => Jump(worker, step.Amount),
            _ => WishAsync(step),
        };
    }

    private async Task ClaimAsync(LifeWorker worker, int slots)
    {
        JobClaim claim = await worker.Claims.ClaimAsync(worker.Id, slots, new ClaimShares(), token);
        List<LifeLease> expected = _model.Claim(worker.Name, slots, Now(worker));
        claim.Leases.Select(lease => new LifeLease(_jobs.IndexOf(lease.JobId), lease.Token, worker.Name)).ShouldBe(expected, "what is claimed");
        DateTimeOffset? due = claim.NextDue;
        due.HasValue.ShouldBe(_model.Jobs.Values.Any(static row => row.Status == JobStatus.Scheduled), "a next due time");
        for (int i = 0; i < expected.Count; i++)
        {
            _leases.Add((expected[i], claim.Leases[i], worker));
            _begun[expected[i].Job] = _begun.GetValueOrDefault(expected[i].Job) + 1;
        }
    }

    private async Task BeatAsync(LifeWorker worker)
    {
        bool known = _model.LastSeen.ContainsKey(worker.Name);
        (await worker.Workers.BeatAsync(worker.Id, token)).ShouldBe(known, "whether the worker is known");
        if (known)
        {
            _model.LastSeen[worker.Name] = CommonNow(worker);
        }
    }

    private async Task RescueAsync(LifeWorker worker) =>
        (await worker.Workers.RescueAsync(worker.Id, token)).ShouldBe(_model.Rescue(worker.Name, CommonNow(worker), Now(worker)), "how many are rescued");

    private async Task StopAsync(LifeWorker worker)
    {
        foreach ((LifeLease known, JobLease real, _) in _leases.Where(lease => lease.Known.Owner == worker.Name).ToArray())
        {
            await HandBackAsync(known, real, worker);
        }

        await worker.Workers.LeaveAsync(worker.Id, token);
        _model.LastSeen.Remove(worker.Name);
        await BeginAnewAsync(worker);
    }

    // The row of the life before stays, and what it had: others see it silent.
    private Task BeginAnewAsync(LifeWorker worker)
    {
        worker.BeginAnew();
        return EnterAsync(worker);
    }

    private async Task BeginAloneAsync(LifeWorker worker)
    {
        worker.BeginAnew();
        _names[worker.Id] = worker.Name;
        await worker.Workers.EnterAloneAsync(worker.Id, token);
        _model.LastSeen.Clear();
        _model.LastSeen[worker.Name] = CommonNow(worker);
    }

    private async Task EnterAsync(LifeWorker worker)
    {
        await worker.Workers.EnterAsync(worker.Id, token);
        _names[worker.Id] = worker.Name;
        _model.LastSeen[worker.Name] = CommonNow(worker);
    }

    private async Task WriteAsync(LifeStep step, LifeRows before)
    {
        if (_leases.Count == 0)
        {
            return;
        }

        (LifeLease known, JobLease real, LifeWorker worker) = _leases[^(1 + (step.Which % _leases.Count))];
        bool stale = !before.Jobs.TryGetValue(known.Job, out LifeRow? row) || row.Owner != known.Owner || row.Token != known.Token;
        bool written = step.Act switch
        {
            LifeAct.Progress => await ProgressAsync(known, real, step.Amount),
            LifeAct.Finish => await FinishAsync(known, real, step.End, worker),
            _ => await HandBackAsync(known, real, worker),
        };
        written.ShouldBe(!stale, "a stale lease writes nothing, a valid one does");
        if (stale)
        {
            Compare((await ReadAsync()).ToString(), before.ToString());
        }
    }

    private async Task<bool> ProgressAsync(LifeLease known, JobLease real, int done)
    {
        bool? cancelling = _model.Progress(known, done);
        try
        {
            (await stores.Database.WriteAsync((session, stop) => JobStore.ProgressAsync(session, real, done, stop), token)).ShouldBe(cancelling ?? false);
            return true;
        }
        catch (LeaseLostException)
        {
            return false;
        }
    }

    private async Task<bool> FinishAsync(LifeLease known, JobLease real, JobStatus end, LifeWorker worker)
    {
        string? error = end == JobStatus.Failed ? Failure : null;
        bool written = await worker.Rows.FinishAsync(real, end, error, token);
        written.ShouldBe(_model.Finish(known, end, error, Now(worker)), "whether the end is written");
        return written;
    }

    private async Task<bool> HandBackAsync(LifeLease known, JobLease real, LifeWorker worker)
    {
        bool written = await worker.Rows.HandBackAsync(real, token);
        written.ShouldBe(_model.HandBack(known, Now(worker)), "whether it is handed back");
        _begun[known.Job] -= written ? 1 : 0;
        return written;
    }

    private async Task WishAsync(LifeStep step)
    {
        int job = step.Which % _jobs.Count;
        double now = LifeRows.Seconds(stores.Time.GetUtcNow());
        switch (step.Act)
        {
            case LifeAct.Cancel:
                await stores.Control.CancelAsync(_jobs[job], token);
                _model.Cancel(job, now);
                break;
            case LifeAct.Pause:
                await stores.Control.PauseAsync(_jobs[job], token);
                _model.Pause(job, now);
                break;
            case LifeAct.Resume:
                await stores.Control.ResumeAsync(_jobs[job], token);
                _model.Resume(job, now);
                break;
            default:
                (await _deletions.DeleteAsync(_jobs[job], token)).IsDeleted.ShouldBe(_model.Delete(job), "whether it is deleted");
                break;
        }
    }

    // A server's clock goes on by itself: there, what passes is so long that the moments of a busy machine decide nothing.
    private async Task PassAsync(int seconds)
    {
        TimeSpan time = stores.Database.IsShared ? WorkerStore.Silence * 2 : TimeSpan.FromSeconds(seconds);
        await stores.PassAsync(time);
        foreach (LifeWorker worker in _workers)
        {
            worker.Time.Advance(time);
        }
    }

    private static Task Jump(LifeWorker worker, int seconds)
    {
        worker.Time.Advance(TimeSpan.FromSeconds(seconds));
        return Task.CompletedTask;
    }

    /// <summary>By the clock that tells who is alive: the server's, where there is one.</summary>
    private double CommonNow(LifeWorker worker) => stores.Database.IsShared ? LifeRows.Seconds(stores.Time.GetUtcNow()) : Now(worker);

    private static double Now(LifeWorker worker) => LifeRows.Seconds(worker.Time.GetUtcNow());

    private Task<LifeRows> ReadAsync() => LifeRows.ReadAsync(stores.Database, _jobs, _names, token);

    private Task ForgetAllAsync() =>
        stores.Database.WriteAsync(
            static async (session, stop) =>
            {
                await session.Context.Set<Job>().ExecuteDeleteAsync(stop);
                await session.Context.Set<Worker>().ExecuteDeleteAsync(stop);
            },
            token);
}
