using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Http.Input;
using AsyncApi.Jobs;
using Microsoft.Extensions.Options;

namespace AsyncApi.Fetches.Submission;

/// <summary>All of a submission but its requests.</summary>
/// <param name="Start">When it is to start; null for at once.</param>
internal sealed record SubmissionSettings(FetchOptionsView Options, FetchPriority Priority, string? Label, DateTimeOffset? Start, string? CallbackUrl);

/// <summary>Reads a submission's settings, with the contract's ranges.</summary>
internal sealed class SettingsReader(IOptions<FetchSettings> limits, IJobCallbacks callbacks, TimeProvider time)
{
    private const int MaxSecretHeaders = 50;
    private const double Day = 86_400;
    private const int LongestDelay = 366;

    /// <summary>The effective settings; to be used only when the input has no faults.</summary>
    public SubmissionSettings Read(ISubmissionInput input, IReadOnlyDictionary<string, string>? headers)
    {
        FetchPriority priority = input.Enum<FetchPriority>("priority") ?? FetchPriority.Normal;
        string? label = input.String("label", FetchLimitRanges.LabelLength);
        DateTimeOffset? start = ReadStart(input);
        FetchOptionsView defaults = new();
        FetchOptionsView options = new()
        {
            Concurrency = limits.Value.EffectiveConcurrency(
                input.Int32("options.concurrency", 1, FetchLimitRanges.Concurrency) ?? defaults.Concurrency),
            PerHost = new PerHostView(
                limits.Value.EffectivePerHostConcurrency(
                    input.Int32("options.perHost.concurrency", 1, FetchLimitRanges.PerHostConcurrency) ?? defaults.PerHost.Concurrency),
                input.Double("options.perHost.requestsPerSecond", 0, FetchLimitRanges.RequestsPerSecond) ?? defaults.PerHost.RequestsPerSecond),
            TimeoutSeconds = input.Double("options.timeoutSeconds", 0.1, 600) ?? defaults.TimeoutSeconds,
            RequestTimeoutSeconds = input.Double("options.requestTimeoutSeconds", 0, Day) ?? defaults.RequestTimeoutSeconds,
            DeadlineSeconds = input.Double("options.deadlineSeconds", 0, 7 * Day) ?? defaults.DeadlineSeconds,
            Retry = ReadRetry(input, defaults.Retry),
            StopWhen = input.Enum<FetchStopWhen>("options.stopWhen") ?? defaults.StopWhen,
            OnInvalid = input.Enum<OnInvalid>("options.onInvalid") ?? defaults.OnInvalid,
            MaxBodyBytes = input.Int64("options.maxBodyBytes", 0, 64L * 1024 * 1024) ?? defaults.MaxBodyBytes,
            StoreBodies = input.Bool("options.storeBodies") ?? defaults.StoreBodies,
            MaxRedirects = input.Int32("options.maxRedirects", 0, 20) ?? defaults.MaxRedirects,
            Headers = headers ?? defaults.Headers,
            SecretHeaders = input.Strings("options.secretHeaders", MaxSecretHeaders, HeaderRules.MaxNameLength) ?? defaults.SecretHeaders,
            SendIdempotencyKey = input.Bool("options.sendIdempotencyKey") ?? defaults.SendIdempotencyKey,
        };
        return new SubmissionSettings(options, priority, label, start, ReadCallback(input));
    }

    private DateTimeOffset? ReadStart(ISubmissionInput input)
    {
        double delay = input.Double("delaySeconds", 0, LongestDelay * Day) ?? 0;
        string? runAt = input.String("runAt", 100);
        DateTimeOffset now = time.GetUtcNow();
        if (runAt is null)
        {
            return delay > 0 ? now.AddSeconds(delay) : null;
        }

        if (delay > 0)
        {
            input.Faults.Add(input.PathOf("runAt"), "must not stand beside delaySeconds");
        }

        if (!Timestamp.TryParse(runAt, out DateTimeOffset start))
        {
            input.Faults.Add(input.PathOf("runAt"), $"must be an RFC 3339 time, was {Quoted.Of(runAt)}");
        }
        else if (start > now.AddDays(LongestDelay))
        {
            input.Faults.Add(input.PathOf("runAt"), $"must be within {LongestDelay} days, was {Quoted.Of(runAt)}");
        }

        // A time that has passed means at once.
        return start > now ? start : null;
    }

    private string? ReadCallback(ISubmissionInput input)
    {
        string? url = input.String("callback.url", UrlRules.MaxLength);
        if (url is not null && callbacks.FaultOf(url) is { } fault)
        {
            input.Faults.Add(input.PathOf("callback.url"), fault);
        }

        return url;
    }

    private static RetryView ReadRetry(ISubmissionInput input, RetryView defaults)
    {
        RetryView retry = new()
        {
            MaxRetries = input.Int32("options.retry.maxRetries", 0, 20) ?? defaults.MaxRetries,
            BaseDelaySeconds = input.Double("options.retry.baseDelaySeconds", 0, Day) ?? defaults.BaseDelaySeconds,
            MaxDelaySeconds = input.Double("options.retry.maxDelaySeconds", 0, Day) ?? defaults.MaxDelaySeconds,
            Statuses = input.Int32s("options.retry.statuses", 100, 599) ?? defaults.Statuses,
        };
        if (retry.MaxDelaySeconds < retry.BaseDelaySeconds)
        {
            input.Faults.Add(
                input.PathOf("options.retry.maxDelaySeconds"),
                $"must not be under baseDelaySeconds; they are {retry.MaxDelaySeconds} and {retry.BaseDelaySeconds}");
        }

        return retry;
    }
}
