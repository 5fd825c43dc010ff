using AsyncApi.Jobs;
using FsCheck;
using FsCheck.Fluent;

namespace AsyncApi.Tests.Jobs.Life;

internal enum LifeAct
{
    Claim,
    Beat,
    Progress,
    Finish,
    HandBack,
    Cancel,
    Pause,
    Resume,
    Crash,
    Rescue,
    Stop,
    RestartAlone,
    Pass,
    Jump,
    Delete,
}

/// <summary>One thing that happens. Each reads from the numbers what it needs.</summary>
/// <param name="Worker">Which of the workers; each has its own clock.</param>
/// <param name="Which">Which job, or which of the leases that were ever given, the youngest first.</param>
/// <param name="Amount">Seconds, slots or progress.</param>
internal sealed record LifeStep(LifeAct Act, int Worker, int Which, int Amount, JobStatus End)
{
    public override string ToString() => Act switch
    {
        LifeAct.Claim => $"worker {Worker} claims up to {Slots}",
        LifeAct.Beat or LifeAct.Crash or LifeAct.Rescue or LifeAct.Stop or LifeAct.RestartAlone => $"worker {Worker}: {Act}",
        LifeAct.Progress => $"lease {Which} from the youngest: progress to {Amount}",
        LifeAct.Finish => $"lease {Which} from the youngest: finish as {End}",
        LifeAct.HandBack => $"lease {Which} from the youngest: hand back",
        LifeAct.Pass => $"{Amount} s pass",
        LifeAct.Jump => $"the clock of worker {Worker} jumps by {Amount} s",
        _ => $"job {Which}: {Act}",
    };

    public int Slots => Amount % 4;
}

/// <summary>A generated life of some jobs.</summary>
/// <param name="Delays">A job each: how many seconds it is put off, 0 for not at all.</param>
internal sealed record LifePlan(int[] Delays, LifeStep[] Steps)
{
    public const int Workers = 3;

    public static Arbitrary<LifePlan> Any { get; } = Arb.From(Generator(), Shrink);

    public override string ToString() => $"jobs put off by {string.Join(", ", Delays)} s\n  {string.Join("\n  ", (object[])Steps)}";

    // What is left out first are long stretches, then single steps, so that what remains is all needed.
    private static IEnumerable<LifePlan> Shrink(LifePlan plan)
    {
        for (int length = plan.Steps.Length; length > 0; length /= 2)
        {
            for (int at = 0; at + length <= plan.Steps.Length; at += length)
            {
                yield return plan with { Steps = [.. plan.Steps[..at], .. plan.Steps[(at + length)..]] };
            }
        }

        if (plan.Delays.Length > 1)
        {
            yield return plan with { Delays = plan.Delays[..^1] };
        }

        if (plan.Delays.Any(static delay => delay > 0))
        {
            yield return plan with { Delays = new int[plan.Delays.Length] };
        }
    }

    private static Gen<LifePlan> Generator() =>
        from jobs in Gen.Choose(1, 3)
        from delays in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 40))).ArrayOf(jobs)
        from deaths in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 4)))
        from length in Gen.Choose(3, 16)
        from dying in Death().ArrayOf(deaths)
        from steps in Step().ArrayOf(length)
        select new LifePlan(delays, [.. dying.SelectMany(static death => death), .. steps]);

    // By chance alone hardly a job would die often enough.
    private static Gen<LifeStep[]> Death() =>
        from wish in Step()
        from worker in Gen.Choose(0, Workers - 1)
        let claim = new LifeStep(LifeAct.Claim, worker, 0, Amount: 3, JobStatus.Completed)
        let die = claim with { Act = LifeAct.RestartAlone }
        let rescue = claim with { Act = LifeAct.Rescue }
        select (LifeStep[])[claim, wish, die, rescue];

    private static Gen<LifeStep> Step() =>
        from act in Act()
        from worker in Gen.Choose(0, Workers - 1)
        from which in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(0, 3)))
        from amount in Gen.Frequency((2, Gen.Choose(1, 15)), (1, Gen.Choose(28, 32)), (1, Gen.Choose(0, 90)))
        from end in Gen.Elements(JobStatus.Completed, JobStatus.Failed, JobStatus.TimedOut)
        select new LifeStep(act, worker, which, amount, end);

    private static Gen<LifeAct> Act() =>
        Gen.Frequency(
            (8, Gen.Constant(LifeAct.Claim)),
            (5, Gen.Elements(LifeAct.Crash, LifeAct.RestartAlone, LifeAct.Rescue, LifeAct.Rescue)),
            (4, Gen.Elements(LifeAct.Progress, LifeAct.Finish, LifeAct.HandBack)),
            (4, Gen.Elements(LifeAct.Cancel, LifeAct.Pause, LifeAct.Resume)),
            (4, Gen.Elements(LifeAct.Beat, LifeAct.Stop, LifeAct.Pass, LifeAct.Jump, LifeAct.Delete)));
}
