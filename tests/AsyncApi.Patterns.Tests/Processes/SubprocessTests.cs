using System.Globalization;
using AsyncApi.Patterns.Processes;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests.Processes;

public sealed class SubprocessTests
{
    private static readonly PatternHost Host = new() { WorkerCommand = RunUnderTest.WorkerCommand };

    [Fact]
    public async Task Output_error_output_and_exit_code_are_read()
    {
        PatternOutcome outcome = await RunUnderTest.LiveAsync("subprocess", new { timeoutSeconds = 20 }, Host);

        SubprocessResult result = outcome.Result.ShouldBeOfType<SubprocessResult>(outcome.Error?.Message);
        result.ExitCode.ShouldBe(7);
        result.Output.ShouldBe(["hi from child", "bye from child"]);
        result.Errors.ShouldBe(["a word on the error output"]);
    }

    [Fact]
    public async Task Child_over_its_time_is_killed_with_its_own_child()
    {
        ManualTime time = new();
        RunUnderTest run = RunUnderTest.Start(time, "subprocess", new { hang = true, timeoutSeconds = 5 }, Host);
        await Eventually.Until(() => run.Trace.Events.Count == 1);
        int grandchild = int.Parse(run.Trace.Events[0].Message, CultureInfo.InvariantCulture);
        Life.IsAlive(grandchild).ShouldBeTrue();

        time.Advance(TimeSpan.FromSeconds(5));
        PatternOutcome outcome = await run.Outcome;

        outcome.Result.ShouldBeOfType<SubprocessResult>().ExitCode.ShouldBeNull();
        outcome.TimeOf("killed after 5 s").ShouldBe(5000);
        await Eventually.Until(() => !Life.IsAlive(grandchild));
    }

    [Fact]
    public async Task Child_of_a_cancelled_run_is_killed()
    {
        using CancellationTokenSource cancel = new();
        RunUnderTest run = RunUnderTest.Start(new ManualTime(), "subprocess", new { hang = true }, Host, cancel.Token);
        await Eventually.Until(() => run.Trace.Events.Count == 1);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(run.Outcome);
        int grandchild = int.Parse(run.Trace.Events[0].Message, CultureInfo.InvariantCulture);
        await Eventually.Until(() => !Life.IsAlive(grandchild));
    }
}
