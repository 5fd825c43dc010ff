using Microsoft.Extensions.Options;

namespace AsyncApi.Jobs;

/// <summary>
/// When a worker looks for work that nobody told it of: after <see cref="JobsOptions.PollSeconds"/>, a fifth more or less, so that
/// processes which share a database do not all ask at once; sooner when a job falls due.
/// </summary>
internal sealed class JobPoll(IOptions<JobsOptions> options, TimeProvider time, Random random)
{
    private const double Jitter = 0.2;

    /// <summary>The longest that it ever is.</summary>
    public TimeSpan AtMost => Interval * (1 + Jitter);

    /// <summary>From now on.</summary>
    /// <param name="due">When the next job that was put off is to start; null when there is none.</param>
    public TimeSpan UntilNextLook(DateTimeOffset? due)
    {
        TimeSpan poll = Interval * (1 - Jitter + (2 * Jitter * random.NextDouble()));
        TimeSpan left = due - time.GetUtcNow() ?? poll;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < poll ? left : poll;
    }

    private TimeSpan Interval => TimeSpan.FromSeconds(options.Value.PollSeconds);
}
