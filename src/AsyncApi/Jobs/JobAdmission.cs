using AsyncApi.Http.Problems;
using Microsoft.Extensions.Options;

namespace AsyncApi.Jobs;

/// <summary>Whether one more job is taken.</summary>
internal sealed class JobAdmission(JobStore jobs, IOptions<JobsOptions> options)
{
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);

    /// <summary>Null when there is room.</summary>
    public async Task<ProblemResult?> RefusalAsync(CancellationToken token)
    {
        int open = await jobs.CountOpenAsync(token);
        return open < options.Value.MaxQueued
            ? null
            : Problem.RetryLater(ProblemTypes.QueueFull, ComeBack, $"{open} jobs are not over; at most {options.Value.MaxQueued} may be.");
    }

    /// <summary>How many more jobs are taken now.</summary>
    public async Task<int> RoomAsync(CancellationToken token) => Math.Max(0, options.Value.MaxQueued - await jobs.CountOpenAsync(token));
}
