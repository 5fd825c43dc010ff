using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>Whether an attempt is followed by another, and after what wait.</summary>
internal sealed class RetryPolicy(Random random)
{
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The wait before the next attempt, or null when <paramref name="outcome"/> is final; it may be made so here, with words.</summary>
    public TimeSpan? Judge(RequestFlow flow, ref AttemptOutcome outcome)
    {
        RetryOptions retry = flow.Run.Options.Retry;
        if (flow.Cut is AttemptCut.RequestTimeout or AttemptCut.Stopped
            || flow.Attempts + flow.PeriodsWaited > retry.MaxRetries || !MayRepeat(flow, outcome, retry))
        {
            return null;
        }

        if (outcome.RetryAfter is { } asked)
        {
            if (TooLong(flow, asked, retry) is { } words)
            {
                outcome = outcome.Because(
                    outcome.Reason, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The answer was {outcome.Status} and asked to wait for {asked.TotalSeconds:0} s, longer than {words}."));
                return null;
            }

            return asked;
        }

        TimeSpan delay = Jitter(retry, flow.Attempts);
        if (flow.TimeLeft is { } left && delay >= left)
        {
            outcome = outcome.Because(FetchReason.Timeout, $"The request's time was over before it could be tried again; the last attempt: {outcome.Message}");
            return null;
        }

        return delay;
    }

    private TimeSpan Jitter(RetryOptions retry, int attempts)
    {
        double ceiling = Math.Min(retry.MaxDelay.TotalSeconds, retry.BaseDelay.TotalSeconds * Math.Pow(2, attempts - 1));
        // Random is not safe for several threads at once, and attempts fail on many.
        lock (random)
        {
            return TimeSpan.FromSeconds(random.NextDouble() * ceiling);
        }
    }

    private static string? TooLong(RequestFlow flow, TimeSpan asked, RetryOptions retry)
    {
        if (asked > retry.MaxDelay)
        {
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"retry.maxDelaySeconds ({retry.MaxDelay.TotalSeconds:0.###}) allows");
        }

        if (flow.TimeLeft is { } left && asked >= left)
        {
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"what is left of the request's time ({Math.Max(0, left.TotalSeconds):0.###} s)");
        }

        return flow.Run.TimeLeft is { } fetchLeft && asked >= fetchLeft
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"what is left of the fetch's time ({Math.Max(0, fetchLeft.TotalSeconds):0.###} s)")
            : null;
    }

    private static bool MayRepeat(RequestFlow flow, AttemptOutcome outcome, RetryOptions retry)
    {
        bool wanted = outcome.Reason switch
        {
            FetchReason.HttpStatus => retry.Statuses.Contains(outcome.Status),
            FetchReason.Timeout or FetchReason.Connect or FetchReason.Dns or FetchReason.Protocol => true,
            _ => false,
        };
        return wanted && (MethodRules.IsIdempotent(flow.Request.Method) || outcome.NeverLeft || AskedToComeBack(outcome) || HasKey(flow));
    }

    private static bool HasKey(RequestFlow flow) =>
        flow.Run.Options.IdempotencyKeyPrefix is not null
        || flow.Request.Headers.Contains(IdempotencyKey) || flow.Run.Options.Headers.Contains(IdempotencyKey);

    private static bool AskedToComeBack(AttemptOutcome outcome) => outcome is { RetryAfter: not null, Status: 429 or 503 };
}
