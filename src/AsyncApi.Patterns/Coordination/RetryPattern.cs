using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Coordination;

internal sealed record RetryParameters
{
    [Description("How many attempts there are, the first included."), Range(1, 10)]
    public int Attempts { get; init; } = 5;

    [Description("How long the first wait is, in seconds; each further one is twice as long."), Range(0.0, 2.0)]
    public double Base { get; init; } = 0.2;

    [Description("How often a call fails: 0 never, 1 always."), Range(0.0, 1.0)]
    public double FailureRate { get; init; } = 0.7;

    [Description("Fail in a way that no retry mends.")]
    public bool Permanent { get; init; }
}

internal sealed class RetryPattern() : Pattern<RetryParameters>(
    "retry",
    "Try again, and wait longer each time",
    "Errors that may pass are tried again after 0.2, 0.4, 0.8 … seconds; other errors come out at once, and the last one when all attempts failed.",
    asyncio: "try, except and asyncio.sleep in a loop",
    dotnet: "catch … when in a loop; in larger programs Polly")
{
    protected override async Task<object?> RunAsync(RetryParameters parameters, PatternRun run, CancellationToken token)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await run.SpanAsync($"attempt {attempt}", CallAsync, token, lane: "call");
            }
            catch (Exception error) when (IsTransient(error) && attempt < parameters.Attempts)
            {
                // With many clients one adds jitter, so that they don't all come back at the same moment.
                double wait = parameters.Base * Math.Pow(2, attempt - 1);
                run.Event("main", $"{error.Message}: wait {wait} s");
                await run.Delay(wait, token);
            }
        }

        Task<string> CallAsync(CancellationToken inner)
        {
            inner.ThrowIfCancellationRequested();
            if (run.Random.NextDouble() >= parameters.FailureRate)
                return Task.FromResult("answer");
            throw parameters.Permanent ? new UnauthorizedAccessException("no entry") : new IOException("connection lost");
        }
    }

    // A list of what may pass, not of what may not: a bug, and cancellation above all, is never tried again.
    private static bool IsTransient(Exception error) => error is IOException or TimeoutException;
}
