namespace AsyncApi.Fetches;

/// <summary>What a job of the kind fetch has beside its job. One without a job is still being received, and nobody sees it.</summary>
internal sealed class Fetch
{
    /// <summary>The kind of job that this is.</summary>
    public const string JobKind = "fetch";

    public long Key { get; set; }

    public Guid? JobId { get; set; }

    /// <summary>The effective options, as JSON in the contract's form.</summary>
    public required string Options { get; set; }

    /// <summary>Counts the changes by users.</summary>
    public int Revision { get; set; }

    public int Total { get; set; }

    public int Succeeded { get; set; }

    public int Failed { get; set; }

    public int Cancelled { get; set; }

    /// <summary>Bytes of bodies kept.</summary>
    public long Bytes { get; set; }

    public long Retries { get; set; }

    /// <summary>The distribution of durations.</summary>
    public byte[]? Latencies { get; set; }

    /// <summary>The <c>seq</c> of the last result, since they count from 1 without gaps.</summary>
    public int LastSeq => Succeeded + Failed + Cancelled;
}
