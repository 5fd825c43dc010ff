using AsyncApi.Http.Problems;
using Microsoft.Extensions.Options;

namespace AsyncApi.Jobs;

/// <summary>Whether one more job is taken.</summary>
internal sealed class JobAdmission(JobStore jobs, IOptions<JobsOptions> options)
{
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);

    // A count costs more the more jobs are open, so it lets in as many as there is room for, up to this: what other processes let
    // in meanwhile is seen at the next one.
    private const int LetInByOneCount = 500;

    private int _room;

    /// <summary>Null when there is room.</summary>
    public async Task<ProblemResult?> RefusalAsync(CancellationToken token)
    {
        if (Interlocked.Decrement(ref _room) >= 0)
        {
            return null;
        }

        int open = await jobs.CountOpenAsync(token);
        int room = options.Value.MaxQueued - open;
        Volatile.Write(ref _room, Math.Min(room, LetInByOneCount) - 1);
        return room > 0
            ? null
            : Problem.RetryLater(ProblemTypes.QueueFull, ComeBack, $"{open} jobs are not over; at most {options.Value.MaxQueued} may be.");
    }

    /// <summary>How many more jobs are taken now.</summary>
    public async Task<int> RoomAsync(CancellationToken token) => Math.Max(0, options.Value.MaxQueued - await jobs.CountOpenAsync(token));
}
