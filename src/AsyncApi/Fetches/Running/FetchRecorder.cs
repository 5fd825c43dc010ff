using AsyncApi.Fetches.Results;
using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Running;

/// <summary>
/// Writes the results of one claim of a fetch down, in the order of their completion and without gaps in <c>seq</c>. A commit
/// that finds no room is tried again; results that wait for it hold the fetch back.
/// </summary>
internal sealed class FetchRecorder(
    JobLease lease, Fetch fetch, FetchOptionsView options, FetchResultStore results, BodyFiles bodies, JobSignals signals, StoragePatience patience,
    FetchMetrics metrics)
{
    private const int BatchSize = 500;

    // A commit costs much the same whatever is in it. Real time, whatever clock the service is given.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(5);

    // Requests that are gone through in one commit; others wait for the writer meanwhile.
    private const int WindowSize = 5_000;

    private FetchTally _tally = new(fetch);

    public int LastSeq => _tally.LastSeq;

    public bool HasCancelled => _tally.Cancelled > 0;

    /// <summary>Whether the outcomes so far end the fetch.</summary>
    public bool Strikes(FetchStopWhen stopWhen) => stopWhen switch
    {
        FetchStopWhen.FirstFailure => _tally.Failed > 0,
        FetchStopWhen.FirstSuccess => _tally.Succeeded > 0,
        FetchStopWhen.FirstCompletion => _tally.Failed + _tally.Succeeded > 0,
        _ => false,
    };

    /// <summary>Takes all that the run yields, until it ends or <paramref name="aborted"/> is over.</summary>
    public async Task RecordAsync(FetchRun run, CancellationToken aborted)
    {
        using ResultBatch batch = new(options.SecretHeaders);
        while (await run.WaitToReadAsync(aborted))
        {
            Fill(batch, run);
            if (batch.Count < BatchSize && run.Running > 0)
            {
                await Task.Delay(Gathering, TimeProvider.System, aborted);
                Fill(batch, run);
            }

            await CommitAsync((tally, stop) => WriteAsync(batch, tally, stop), aborted);
            metrics.Time(batch);
            if (results.KeepsFiles)
            {
                batch.DeleteFiles();
            }

            batch.Clear();
        }
    }

    private static void Fill(ResultBatch batch, FetchRun run)
    {
        while (batch.Count < BatchSize && run.TryRead(out FetchResult? result))
        {
            batch.Add(result);
        }
    }

    /// <summary>Writes the results of requests that were refused at submission and are only recorded.</summary>
    public async Task RecordRefusedAsync(CancellationToken aborted)
    {
        if (options.OnInvalid == OnInvalid.Record)
        {
            await InWindowsAsync((tally, first, stop) => results.AddRefusedAsync(lease, fetch.Key, first, WindowSize, tally, stop), aborted);
        }
    }

    /// <summary>Gives every request that has no result the result that it was cancelled, and why.</summary>
    public Task EndRestAsync(FetchEnding ending, CancellationToken aborted) =>
        InWindowsAsync((tally, first, stop) => results.AddUndoneAsync(lease, fetch.Key, first, WindowSize, tally, ending, stop), aborted);

    private async Task InWindowsAsync(Func<FetchTally, int, CancellationToken, Task<FetchTally>> write, CancellationToken aborted)
    {
        for (int first = 0; first < fetch.Total && LastSeq < fetch.Total; first += WindowSize)
        {
            int window = first;
            await CommitAsync((tally, stop) => write(tally, window, stop), aborted);
        }
    }

    private async Task CommitAsync(Func<FetchTally, CancellationToken, Task<FetchTally>> write, CancellationToken aborted)
    {
        FetchTally before = _tally;
        _tally = await patience.RunAsync(stop => write(before, stop), aborted);
        metrics.Count(before, _tally);
        signals.Changed(lease.JobId);
    }

    /// <summary>Large bodies get their final names, durably, before the rows that speak of them.</summary>
    private Task<FetchTally> WriteAsync(ResultBatch batch, FetchTally tally, CancellationToken token)
    {
        try
        {
            MoveFiles(batch);
        }
        catch (IOException failure) when (StorageErrors.IsFull(failure))
        {
            throw new StorageFullException(failure);
        }

        return results.AddAsync(lease, fetch.Key, batch, tally, options.StoreBodies, token);
    }

    private void MoveFiles(ResultBatch batch)
    {
        bool moved = false;
        for (int i = 0; i < batch.Count; i++)
        {
            if (batch[i].Body.File is { } file && !results.KeepsFiles)
            {
                if (!options.StoreBodies)
                {
                    File.Delete(file);
                    continue;
                }

                if (!moved)
                {
                    Directory.CreateDirectory(bodies.FolderOf(fetch.Key));
                    moved = true;
                }

                Move(file, bodies.PathOf(fetch.Key, LastSeq + 1 + i));
            }
        }

        if (moved)
        {
            DirectorySync.Flush(bodies.FolderOf(fetch.Key));
        }
    }

    private static void Move(string file, string target)
    {
        try
        {
            File.Move(file, target, overwrite: true);
        }
        catch (FileNotFoundException) when (File.Exists(target))
        {
            // A commit that found no room is tried again: it is there already.
        }
    }
}
