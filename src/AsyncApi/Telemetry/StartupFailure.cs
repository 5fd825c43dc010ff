using Microsoft.Extensions.Options;

namespace AsyncApi.Telemetry;

/// <summary>
/// The last word of a service that could not start. It does not go through the log, which may be what failed or may have been
/// disposed already. Not for <see cref="HostAbortedException"/>, by which tools stop a program once they have its services.
/// </summary>
internal static class StartupFailure
{
    public const int ExitCode = 1;

    /// <summary>Prints why, one fault a line, and gives the exit code.</summary>
    public static async Task<int> ReportAsync(Exception problem, TextWriter error)
    {
        foreach (string fault in Faults(problem))
        {
            await error.WriteLineAsync($"AsyncApi cannot start: {LogText.Escape(fault)}");
        }

        return ExitCode;
    }

    private static IEnumerable<string> Faults(Exception problem) => problem switch
    {
        // Validation on start throws the faults of one options class as they are and those of several together.
        OptionsValidationException invalid => invalid.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(Faults),
        _ => [problem.Message],
    };
}
