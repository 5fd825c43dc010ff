using AsyncApi.Fetching.Sending;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>Makes one attempt of a request that holds a slot: ends with its result written, or with when to try again.</summary>
internal sealed class RequestRunner(
    Func<RequestFlow, ValueTask<AttemptOutcome>> send, Action<DispatcherMessage> post, RetryPolicy policy, TimeProvider time)
{
    /// <summary>Never fails; the slot is given back by the message that it ends with.</summary>
    public async Task RunAsync(RequestFlow flow)
    {
        DateTimeOffset startedAt = time.GetUtcNow();
        long began = time.GetTimestamp();
        TimeSpan waited = time.GetElapsedTime(flow.WaitingSince, began);
        flow.Began();
        AttemptOutcome outcome = await send(flow);
        long ended = time.GetTimestamp();
        outcome.Duration = time.GetElapsedTime(began, ended);
        flow.Ended(
            new FetchAttempt
            {
                StartedAt = startedAt,
                WaitedFor = flow.WaitedFor,
                Waited = waited,
                FirstByte = flow.FirstByteAt == 0 ? null : time.GetElapsedTime(began, flow.FirstByteAt),
                Duration = outcome.Duration,
                Address = flow.Leg?.Address,
                Status = outcome.Status,
                Reason = outcome.Reason,
                Redirects = flow.Redirects ?? (IReadOnlyList<FetchRedirect>)[],
            },
            ended);
        End(flow, outcome, ended);
    }

    private void End(RequestFlow flow, AttemptOutcome outcome, long ended)
    {
        // Whatever becomes of this request.
        if (outcome.RetryAfter is { } hold && outcome.Status is 429 or 503)
        {
            post(DispatcherMessage.Hold(flow.Lane.Host, After(ended, hold), outcome.Status));
        }

        FetchWaitReason reason = outcome.RetryAfter is null ? FetchWaitReason.Retry : FetchWaitReason.RetryAfter;
        TimeSpan? delay = policy.Judge(flow, ref outcome);
        if (delay is null)
        {
            flow.Run.Write(flow.ToResult(outcome));
            post(DispatcherMessage.Released(flow, retrying: false));
            return;
        }

        // Of an attempt that is not the last only the timeline is kept.
        outcome.Body.Drop();
        flow.WillRetry(delay.Value, After(ended, delay.Value), reason);
        Note(flow, delay.Value, reason);
        post(DispatcherMessage.Released(flow, retrying: true));
    }

    private void Note(RequestFlow flow, TimeSpan delay, FetchWaitReason reason)
    {
        try
        {
            flow.Run.Source.OnRetryWait(flow.Request, new FetchRetryWait(time.GetUtcNow() + delay, flow.Timeline, reason));
        }
#pragma warning disable CA1031 // Whatever the source throws ends its run, and its run alone.
        catch (Exception error)
#pragma warning restore CA1031
        {
            post(DispatcherMessage.SourceFailed(flow.Run, error));
        }
    }

    private long After(long timestamp, TimeSpan wait) => timestamp + EngineClock.TicksOf(wait, time.TimestampFrequency);
}
