using System.Net.Http.Headers;
using AsyncApi.Fetching;
using AsyncApi.Http.Input;
using Microsoft.Extensions.Options;

namespace AsyncApi.Callbacks;

/// <summary>Makes one try, through the fetches' engine and its guard.</summary>
internal sealed partial class CallbackSender(
    CallbackEngine engine, AddressPolicy policy, CallbackEvents events, DeliveryWorkStore store, DeliverySchedule schedule,
    CallbackMetrics metrics, IOptions<CallbackOptions> options, TimeProvider time, ILogger<CallbackSender> logger)
{
    private const string NotSent = "The receiver's host could not be called yet.";

    private readonly IReadOnlyList<WebhookSecret> _secrets = options.Value.ReadSecrets();

    /// <summary>Tries a claimed delivery and writes down what came of it.</summary>
    public async Task TryAsync(Delivery delivery, CancellationToken aborted)
    {
        byte[]? body = await events.WriteAsync(delivery.JobId, aborted);
        if (body is null)
        {
            await EndAsync(delivery, DeliveryStatus.Failed, new TryAnswer("The job was deleted."));
        }
        else if (_secrets.Count == 0)
        {
            await FinishAsync(delivery, new TryAnswer("No secret to sign with is configured."), asked: null);
        }
        else if (!UrlRules.TryParse(delivery.Url, policy, out Uri? url, out _))
        {
            await FinishAsync(delivery, new TryAnswer(EnumNames<FetchReason>.Of(FetchReason.Blocked)), asked: null);
        }
        else
        {
            await SendAsync(delivery, url, body, aborted);
        }
    }

    private async Task SendAsync(Delivery delivery, Uri url, byte[] body, CancellationToken aborted)
    {
        FetchRequest request = new(Index: 0, url)
        {
            Method = HttpMethod.Post,
            Body = body,
            Headers = FetchHeaders.Of(
                WebhookHeaders.Of(delivery.Id.ToString(), time.GetUtcNow(), body, _secrets).Append(new("Content-Type", "application/json"))),
        };
        using CancellationTokenSource patience = new(schedule.Lease, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, aborted);
        try
        {
            using FetchResult result = await engine.SendAsync(request, either.Token);
            await FinishAsync(delivery, TryAnswer.Of(result), AskedBy(result.Headers?.RetryAfter));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            // Nothing was sent, since the receiver had asked others to wait: that is no try.
            LogFailed(delivery.JobId, delivery.Host, delivery.Attempt, NotSent);
            await store.PutBackAsync(delivery, NotSent, time.GetUtcNow() + schedule.WaitAfter(delivery.Tries), CancellationToken.None);
        }
    }

    private Task FinishAsync(Delivery delivery, TryAnswer answer, TimeSpan? asked)
    {
        metrics.Tried(answer);
        if (answer.IsHeard || answer.IsGone)
        {
            return EndAsync(delivery, answer.IsHeard ? DeliveryStatus.Delivered : DeliveryStatus.Failed, answer);
        }

        return TryLaterAsync(delivery, answer, asked);
    }

    private TimeSpan? AskedBy(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);

    private Task TryLaterAsync(Delivery delivery, TryAnswer answer, TimeSpan? asked)
    {
        if (delivery.Tries >= DeliverySchedule.MaxTries)
        {
            return EndAsync(delivery, DeliveryStatus.Failed, answer);
        }

        LogFailed(delivery.JobId, delivery.Host, delivery.Attempt, answer.Error);
        return store.FinishAsync(
            delivery, DeliveryStatus.Pending, answer, time.GetUtcNow() + schedule.WaitAfter(delivery.Tries, asked), CancellationToken.None);
    }

    // No token: what was heard is written down even while the service stops.
    private Task EndAsync(Delivery delivery, DeliveryStatus status, TryAnswer answer)
    {
        metrics.Ended(status);
        LogEnded(delivery.JobId, delivery.Host, delivery.Attempt, status, answer.Error ?? "heard");
        return store.FinishAsync(delivery, status, answer, next: null, CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Callback of job {JobId} to {Host} failed at attempt {Attempt}: {Error}")]
    private partial void LogFailed(Guid jobId, string host, int attempt, string? error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Callback of job {JobId} to {Host} ended at attempt {Attempt}: {Status}, {Error}")]
    private partial void LogEnded(Guid jobId, string host, int attempt, DeliveryStatus status, string error);
}
