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
        if (flow.Refusal is not null || flow.Attempts > retry.MaxRetries || !MayRepeat(flow, outcome, retry))
        {
            return null;
        }

        if (outcome.RetryAfter is { } asked)
        {
            if (asked > retry.MaxDelay)
            {
                outcome = outcome.Because(outcome.Reason, $"The answer was {outcome.Status} and asked to wait for {asked.TotalSeconds:0} s, longer than retry.maxDelaySeconds ({retry.MaxDelay.TotalSeconds:0.###}) allows.");
                return null;
            }

            return asked;
        }

        double ceiling = Math.Min(retry.MaxDelay.TotalSeconds, retry.BaseDelay.TotalSeconds * Math.Pow(2, flow.Attempts - 1));
        // Random is not safe for several threads at once, and attempts fail on many.
        lock (random)
        {
            return TimeSpan.FromSeconds(random.NextDouble() * ceiling);
        }
    }

    private static bool MayRepeat(RequestFlow flow, AttemptOutcome outcome, RetryOptions retry)
    {
        bool wanted = outcome.Reason switch
        {
            FetchReason.HttpStatus => retry.Statuses.Contains(outcome.Status),
            FetchReason.Timeout or FetchReason.Connect or FetchReason.Dns or FetchReason.Protocol => true,
            _ => false,
        };
        return wanted && (IsIdempotent(flow.Request.Method) || outcome.NeverLeft || AskedToComeBack(outcome)
            || flow.Request.Headers.Contains(IdempotencyKey) || flow.Run.Options.Headers.Contains(IdempotencyKey));
    }

    private static bool AskedToComeBack(AttemptOutcome outcome) => outcome is { RetryAfter: not null, Status: 429 or 503 };

    private static bool IsIdempotent(HttpMethod method) => method != HttpMethod.Post && method != HttpMethod.Patch;
}
