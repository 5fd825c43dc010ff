using System.Buffers;
using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Running;

/// <summary>What a fetch has come to: kept in step with its rows, by the same transactions.</summary>
internal sealed class FetchTally
{
    private const string Update =
        "update fetches set succeeded = ?1, failed = ?2, cancelled = ?3, bytes = ?4, retries = ?5, latencies = ?6 where key = ?7";

    private readonly LatencyHistogram _histogram;
    private readonly int[] _reasons = new int[FetchReasons.Count];

    public FetchTally(Fetch fetch)
    {
        (Succeeded, Failed, Cancelled, Bytes, Retries) = (fetch.Succeeded, fetch.Failed, fetch.Cancelled, fetch.Bytes, fetch.Retries);
        _histogram = LatencyHistogram.Read(fetch.Latencies);
    }

    private FetchTally(FetchTally other)
    {
        (Succeeded, Failed, Cancelled, Bytes, Retries) = (other.Succeeded, other.Failed, other.Cancelled, other.Bytes, other.Retries);
        _histogram = other._histogram.Copy();
    }

    public int Succeeded { get; private set; }

    public int Failed { get; private set; }

    public int Cancelled { get; private set; }

    public long Bytes { get; private set; }

    public long Retries { get; private set; }

    public int LastSeq => Succeeded + Failed + Cancelled;

    /// <summary>
    /// How many results its own transaction added, by <see cref="FetchReason"/>: for the operators. None where that was read back, since
    /// the end of its commit was not heard.
    /// </summary>
    public ReadOnlySpan<int> Reasons => _reasons;

    /// <summary>For a transaction to count on: it takes this one's place when it has committed.</summary>
    public FetchTally Copy() => new(this);

    public void Count(FetchResult result)
    {
        _reasons[(int)result.Reason]++;
        switch (result.Outcome)
        {
            case FetchOutcome.Succeeded:
                Succeeded++;
                break;
            case FetchOutcome.Failed:
                Failed++;
                break;
            default:
                Cancelled++;
                break;
        }

        Bytes += result.Body.Length;
        Retries += Math.Max(0, result.Attempts - 1);
        if (result.Outcome != FetchOutcome.Cancelled)
        {
            _histogram.Add((long)result.Duration.TotalMicroseconds);
        }
    }

    /// <summary>A request that did not run.</summary>
    public void Count(FetchReason reason)
    {
        _reasons[(int)reason]++;
        if (FetchReasons.OutcomeOf(reason) == FetchOutcome.Cancelled)
        {
            Cancelled++;
        }
        else
        {
            Failed++;
        }
    }

    public async ValueTask WriteAsync(WriteSession session, long fetchKey, CancellationToken token)
    {
        ArrayBufferWriter<byte> latencies = new();
        _histogram.Write(latencies);
        Statement update = session.Prepare(Update);
        update.BindInt64(1, Succeeded);
        update.BindInt64(2, Failed);
        update.BindInt64(3, Cancelled);
        update.BindInt64(4, Bytes);
        update.BindInt64(5, Retries);
        update.BindBlob(6, latencies.WrittenSpan);
        update.BindInt64(7, fetchKey);
        await update.ExecuteAsync(token);
    }
}
