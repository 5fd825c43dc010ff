using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>
/// Tells whoever asked for it that a job is over. Nothing has to be done for that where a job ends: the same statement that writes
/// <see cref="Job.FinishedAt"/> makes the row of a job with a <see cref="Job.CallbackUrl"/> one that is to be told of.
/// </summary>
internal interface IJobCallbacks
{
    /// <summary>Why nobody can be told at this address; null when somebody can.</summary>
    string? FaultOf(string url);

    /// <summary>Who is, or was, told of this job's end; null for nobody.</summary>
    Task<string?> FindUrlAsync(Job job, CancellationToken token);

    /// <summary>A job with a callback has ended: only shortens the wait.</summary>
    void Wake();

    /// <summary>Part of the transaction that deletes a job: nobody is told of it any more.</summary>
    ValueTask ForgetAsync(WriteSession session, Guid job, CancellationToken token);
}
