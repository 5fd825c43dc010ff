using System.Runtime.CompilerServices;
using AsyncApi.Fetching.Sending;
using Polly;
using Polly.Retry;

namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// Takes a request from its first slot to its result. The first attempt runs bare, since most need no other; a request
/// that failed goes on through a Polly retry pipeline, in which each attempt takes a slot of its own and a wait holds none.
/// </summary>
internal sealed class RequestRunner
{
    private static readonly ResiliencePropertyKey<RequestFlow> FlowKey = new("AsyncApi.Fetching.Flow");

    private readonly Func<RequestFlow, ValueTask<AttemptOutcome>> _send;
    private readonly Action<DispatcherMessage> _post;
    private readonly RetryPolicy _policy;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<AttemptOutcome> _retries;

    public RequestRunner(
        Func<RequestFlow, ValueTask<AttemptOutcome>> send, Action<DispatcherMessage> post, RetryPolicy policy, TimeProvider time)
    {
        _send = send;
        _post = post;
        _policy = policy;
        _time = time;
        _retries = new ResiliencePipelineBuilder<AttemptOutcome> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<AttemptOutcome>
            {
                // The policy of the request's own fetch decides how often and how long; Polly waits and goes round.
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = static arguments => new(FlowOf(arguments.Context).RetryDelay is not null && arguments.Outcome.Exception is null),
                DelayGenerator = static arguments => new(FlowOf(arguments.Context).RetryDelay),
            })
            .Build();
    }

    /// <summary>Runs the request, which holds a slot. Ends with the slot given back and the result, if one is due, written.</summary>
    public async Task RunAsync(RequestFlow flow)
    {
        AttemptOutcome outcome = await AttemptAsync(flow);
        if (flow.RetryDelay is null)
        {
            Write(flow, outcome);
            _post(DispatcherMessage.Released(flow, retrying: false));
            return;
        }

        _post(DispatcherMessage.Released(flow, retrying: true));
        await RetryAsync(flow);
    }

    private async Task RetryAsync(RequestFlow flow)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(flow.Run.Stopped);
        context.Properties.Set(FlowKey, flow);
        await _retries.ExecuteOutcomeAsync(NextAsync, context, (this, Seeded: new StrongBox<bool>()));
        ResilienceContextPool.Shared.Return(context);
        if (flow.RetryDelay is not null)
        {
            // Only the run's stop ends a request here, between two attempts. Polly tells of it by an exception when it came
            // during the wait, and by the last outcome when it came before.
            if (flow.Run.State.Stop is FetchStop.Cancel)
            {
                flow.Run.Write(flow.ToResult(flow.Last!.Because(FetchReason.Cancelled, "Cancelled while waiting for a retry.")));
            }
            else
            {
                flow.Last!.Body.Drop();
            }

            _post(DispatcherMessage.GaveUp(flow));
        }
    }

    /// <summary>Polly's callback: first the attempt that is already over, then one real attempt at a call.</summary>
    private static async ValueTask<Outcome<AttemptOutcome>> NextAsync(
        ResilienceContext context, (RequestRunner Runner, StrongBox<bool> Seeded) state)
    {
        RequestFlow flow = FlowOf(context);
        if (!state.Seeded.Value)
        {
            state.Seeded.Value = true;
            return Outcome.FromResult(flow.Last!);
        }

        try
        {
            Task slot = flow.ExpectSlot();
            state.Runner._post(DispatcherMessage.Again(flow));
            await slot;
        }
        catch (OperationCanceledException stopped)
        {
            return Outcome.FromException<AttemptOutcome>(stopped);
        }

        AttemptOutcome outcome = await state.Runner.AttemptAsync(flow);
        bool retrying = flow.RetryDelay is not null;
        if (!retrying)
        {
            Write(flow, outcome);
        }

        state.Runner._post(DispatcherMessage.Released(flow, retrying));
        return Outcome.FromResult(outcome);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptOutcome> AttemptAsync(RequestFlow flow)
    {
        long began = _time.GetTimestamp();
        flow.Began(_time.GetUtcNow(), began, _time.GetElapsedTime(flow.WaitingSince, began));
        AttemptOutcome outcome = flow.Refusal ?? await _send(flow);
        long ended = _time.GetTimestamp();
        outcome.Duration = _time.GetElapsedTime(began, ended);
        // Whatever becomes of this request.
        if (outcome.RetryAfter is { } hold && outcome.Status is 429 or 503)
        {
            _post(DispatcherMessage.Hold(flow.Lane.Host, ended + (long)(hold.TotalSeconds * _time.TimestampFrequency), outcome.Status));
        }

        TimeSpan? delay = _policy.Judge(flow, ref outcome);
        flow.Ended(outcome, delay, ended);
        return outcome;
    }

    private static void Write(RequestFlow flow, AttemptOutcome outcome)
    {
        if (flow.Cut != AttemptCut.Abandoned)
        {
            flow.Run.Write(flow.ToResult(outcome));
        }
        else
        {
            outcome.Body.Drop();
        }
    }

    private static RequestFlow FlowOf(ResilienceContext context) => context.Properties.GetValue(FlowKey, null!);
}
