using System.Globalization;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests;

public sealed class PatternRunnerTests
{
    /// <summary>Those that need nothing but a clock.</summary>
    public static TheoryData<string> VirtualNames
        => [.. PatternCatalog.All
            .Where(pattern => FolderOf(pattern) is "Tasks" or "Cancellation" or "Coordination" or "Language")
            .Select(pattern => pattern.Name)];

    [Theory]
    [MemberData(nameof(VirtualNames))]
    public async Task Cancelled_run_throws_and_leaves_no_task_behind(string name)
    {
        int instants = await CountInstantsAsync(name);
        instants.ShouldBeGreaterThan(0);

        // At every instant in turn at which the run waits for something.
        for (int instant = 0; instant < instants; instant++)
            await CancelAtAsync(name, instant);
    }

    [Fact]
    public async Task Run_over_its_time_is_cancelled_and_says_so()
    {
        PatternOutcome outcome = await RunAsync(async (run, token) =>
        {
            await run.SpanAsync("endless", inner => run.Delay(1000, inner), token);
            return "never";
        });

        outcome.ElapsedMs.ShouldBe(30_000);
        outcome.Error.ShouldBe(new PatternError("TimeoutException", "The run took longer than 30 s."));
        outcome.Result.ShouldBeNull();
        outcome.Span("endless").Outcome.ShouldBe(SpanOutcome.Cancelled);
    }

    [Fact]
    public async Task Task_too_many_fails_the_run()
    {
        PatternOutcome outcome = await RunAsync(async (run, token) =>
        {
            for (int number = 0; number <= PatternRun.MaxTasks; number++)
                await run.SpanAsync($"task {number}", _ => Task.CompletedTask, token);
            return null;
        });

        outcome.Error.ShouldBe(new PatternError("PatternLimitException", "A run has at most 256 tasks."));
        outcome.Spans.Count.ShouldBe(256);
    }

    [Fact]
    public async Task Entry_too_many_fails_the_run()
    {
        PatternOutcome outcome = await RunAsync((run, token) => run.SpanAsync<object?>("talker", _ => TalkAsync(run), token));

        outcome.Error.ShouldBe(new PatternError("PatternLimitException", "A run has at most 4096 entries in its trace."));
        outcome.Span("talker").Outcome.ShouldBe(SpanOutcome.Failed);

        static Task<object?> TalkAsync(PatternRun run)
        {
            while (true)
                run.Event("talker", "talk");
        }
    }

    [Fact]
    public async Task Forgotten_task_is_cancelled_and_waited_for()
    {
        bool cleanedUp = false;
        PatternOutcome outcome = await RunAsync((run, token) =>
        {
            _ = run.SpanAsync("forgotten", inner => WorkAsync(run, inner), token);
            return Task.FromResult<object?>("result");
        });

        outcome.Result.ShouldBe("result");
        cleanedUp.ShouldBeTrue();
        outcome.Span("forgotten").ShouldBe(new PatternSpan("forgotten", "forgotten", 0, 500, SpanOutcome.Cancelled));

        async Task WorkAsync(PatternRun run, CancellationToken token)
        {
            try
            {
                await run.Delay(10, token);
            }
            finally
            {
                await run.Delay(0.5, CancellationToken.None);
                cleanedUp = true;
            }
        }
    }

    [Fact]
    public async Task Numbers_read_the_same_in_every_culture_and_the_callers_stays()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            PatternOutcome outcome = await VirtualRun.RunAsync("sequential", new { first = 0.5, second = 1 });

            outcome.Result.ShouldBe(new[] { "A:0.5", "B:1" });
            CultureInfo.CurrentCulture.Name.ShouldBe("de-DE");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string FolderOf(IPattern pattern) => pattern.GetType().Namespace!.Split('.')[^1];

    private static Task<PatternOutcome> RunAsync(Func<PatternRun, CancellationToken, Task<object?>> body)
    {
        ManualTime time = new();
        PatternRun run = new(time);
        return VirtualRun.DriveAsync(time, () => PatternRunner.RunAsync(new Probe(body), new ProbeParameters(), run, TestContext.Current.CancellationToken));
    }

    private static async Task<int> CountInstantsAsync(string name)
    {
        int instants = 0;
        await VirtualRun.RunAsync(name, null, _ => instants++, seed: 1, TestContext.Current.CancellationToken);
        return instants;
    }

    private static async Task CancelAtAsync(string name, int instant)
    {
        IPattern pattern = PatternCatalog.Find(name)!;
        ManualTime time = new();
        PatternRun run = new(time, random: new Random(1));
        using CancellationTokenSource client = new();
        int passed = 0;

        await Should.ThrowAsync<OperationCanceledException>(() => VirtualRun.DriveAsync(
            time,
            () => PatternRunner.RunAsync(pattern, Activator.CreateInstance(pattern.Parameters)!, run, client.Token),
            () =>
            {
                if (passed++ == instant)
                    client.Cancel();
            }));

        List<TraceEntry> entries = await run.Trace.FollowAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        run.Trace.Spans.Count.ShouldBe(entries.OfType<PatternSpanStart>().Count(), $"Every task has ended, cancelled at instant {instant}.");
        run.Trace.ElapsedMs.ShouldBeLessThan(PatternRunner.MaxDuration.TotalMilliseconds, "Only the run's own limit ended it.");
        time.ActiveTimers.ShouldBe(0);
    }

    private sealed record ProbeParameters;

    private sealed class Probe(Func<PatternRun, CancellationToken, Task<object?>> body) : Pattern<ProbeParameters>("probe", "", "", "", "")
    {
        protected override Task<object?> RunAsync(ProbeParameters parameters, PatternRun run, CancellationToken token) => body(run, token);
    }
}
