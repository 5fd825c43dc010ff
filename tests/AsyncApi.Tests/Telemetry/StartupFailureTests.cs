using System.Globalization;
using AsyncApi.Telemetry;
using Microsoft.Extensions.Options;

namespace AsyncApi.Tests.Telemetry;

public sealed class StartupFailureTests
{
    [Fact]
    public async Task Invalid_options_are_named_one_a_line()
    {
        OptionsValidationException jobs = new("Jobs", typeof(object), ["Jobs:MaxQueued must be at least 1.", "Jobs:RetentionDays must be at least 1."]);
        OptionsValidationException fetch = new("Fetch", typeof(object), ["Fetch:MaxConcurency is not a setting."]);

        (await ReportAsync(new AggregateException(jobs, fetch))).ShouldBe(
        [
            "AsyncApi cannot start: Jobs:MaxQueued must be at least 1.",
            "AsyncApi cannot start: Jobs:RetentionDays must be at least 1.",
            "AsyncApi cannot start: Fetch:MaxConcurency is not a setting.",
        ]);
    }

    [Fact]
    public async Task Any_other_failure_is_its_message_without_a_stack()
        => (await ReportAsync(new IOException("Failed to bind to address\nhttp://127.0.0.1:5080"))).ShouldBe([@"AsyncApi cannot start: Failed to bind to address\nhttp://127.0.0.1:5080"]);

    private static async Task<string[]> ReportAsync(Exception problem)
    {
        using StringWriter error = new(CultureInfo.InvariantCulture);
        (await StartupFailure.ReportAsync(problem, error)).ShouldBe(1);
        return error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
