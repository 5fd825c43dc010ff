using AsyncApi.Fetching;
using Microsoft.Extensions.Options;

namespace AsyncApi.Fetches.Submission;

/// <summary>All of a submission but its requests.</summary>
internal sealed record SubmissionSettings(FetchOptionsView Options, FetchPriority Priority, string? Label);

/// <summary>Reads a submission's settings, with the contract's ranges.</summary>
internal sealed class SettingsReader(IOptions<FetchSettings> limits)
{
    private const int MaxSecretHeaders = 50;
    private const double Day = 86_400;

    /// <summary>The effective settings; to be used only when the input has no faults.</summary>
    public SubmissionSettings Read(ISubmissionInput input, IReadOnlyDictionary<string, string>? headers)
    {
        FetchPriority priority = input.Enum<FetchPriority>("priority") ?? FetchPriority.Normal;
        string? label = input.String("label", FetchLimitRanges.LabelLength);
        RefuseWhatIsNotBuilt(input);
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
        return new SubmissionSettings(options, priority, label);
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

    /// <summary>What the contract names and this version does not do is refused, unless it asks for nothing.</summary>
    private static void RefuseWhatIsNotBuilt(ISubmissionInput input)
    {
        RefuseAboveZero(input, "delaySeconds", 366 * Day);
        if (input.String("runAt", 100) is not null)
        {
            NotBuilt(input, "runAt");
        }

        if (input.String("callback.url", UrlRules.MaxLength) is not null)
        {
            NotBuilt(input, "callback.url");
        }
    }

    private static void RefuseAboveZero(ISubmissionInput input, string name, double max)
    {
        if (input.Double(name, 0, max) > 0)
        {
            NotBuilt(input, name);
        }
    }

    private static void NotBuilt(ISubmissionInput input, string name)
    {
        string path = input.PathOf(name);
        input.Faults.NotBuilt(path, path);
    }
}
