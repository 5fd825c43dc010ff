using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Submission;

/// <summary>
/// Takes in one submission, all or nothing and in bounded memory: requests are written in chunks under a fetch that has no
/// job and so does not exist for anybody; the last commit adds the job.
/// </summary>
internal sealed class FetchIntakeStore(Database database, FetchRemovalStore removals, SubmissionSettings settings)
{
    private const int ChunkRequests = 1_000;
    private const int ChunkWeight = 1024 * 1024;

    private static readonly BulkTable Hosts = new("fetch_hosts", "id", "fetch_key", "host");

    private static readonly BulkTable Requests = new("fetch_requests", "id", "host_id", "url", "method", "headers", "body", "tag", "fault");

    private readonly string _options = FetchViews.WriteOptions(settings.Options);
    private readonly Dictionary<HostKey, int> _hosts = [];
    private IntakeChunk _chunk = new(0);
    private Task<long> _writing = Task.FromResult(0L);
    private long _fetchKey;

    /// <summary>Requests taken in so far; some may still be on their way to the writer.</summary>
    public int Count => _chunk.First + _chunk.Requests.Count;

    public async ValueTask AddAsync(RequestDraft draft, CancellationToken token)
    {
        _chunk.Add(draft, HostNumberOf(draft.Host));
        if (_chunk.Requests.Count == ChunkRequests || _chunk.Weight > ChunkWeight)
        {
            // The next chunk is read while this one is written, and no further.
            _fetchKey = await _writing;
            IntakeChunk chunk = TakeChunk();
            _writing = database.WriteAsync((session, stop) => StoreAsync(session, chunk, stop), token);
        }
    }

    /// <summary>Makes the fetch exist. When this returns it is on disk, and will run.</summary>
    /// <param name="keep">Part of the same transaction.</param>
    public async Task<T> CommitAsync<T>(Job job, Func<WriteSession, FetchRecord, CancellationToken, ValueTask<T>> keep, CancellationToken token)
    {
        _fetchKey = await _writing;
        job.Total = Count;
        IntakeChunk chunk = TakeChunk();
        return await database.WriteAsync(
            async (session, stop) =>
            {
                long fetchKey = await StoreAsync(session, chunk, stop);
                await JobRows.InsertAsync(session, job, stop);
                Fetch fetch = new() { Key = fetchKey, JobId = job.Id, Options = _options, Total = (int)job.Total };
                await FetchInsert.JoinAsync(session, fetch, stop);
                return await keep(session, new FetchRecord(job, fetch), stop);
            },
            token);
    }

    /// <summary>Removes what was written of a submission that did not come to its end.</summary>
    public async Task AbandonAsync()
    {
        try
        {
            _fetchKey = await _writing;
        }
        finally
        {
            if (_fetchKey != 0)
            {
                await removals.RemoveAsync(_fetchKey, CancellationToken.None);
            }
        }
    }

    private IntakeChunk TakeChunk()
    {
        IntakeChunk chunk = _chunk;
        _chunk = new IntakeChunk(Count);
        return chunk;
    }

    /// <summary>Hosts are numbered as they are first seen, which makes their rows' keys too.</summary>
    private int? HostNumberOf(HostKey? host)
    {
        if (host is not { } key)
        {
            return null;
        }

        if (!_hosts.TryGetValue(key, out int number))
        {
            _hosts.Add(key, number = _hosts.Count);
            _chunk.Hosts.Add((number, key));
        }

        return number;
    }

    /// <summary>Writes a chunk, and before the first one the fetch. Returns the fetch's key.</summary>
    private async ValueTask<long> StoreAsync(WriteSession session, IntakeChunk chunk, CancellationToken token)
    {
        long fetchKey = _fetchKey == 0 ? await FetchInsert.AddAsync(session, _options, token) : _fetchKey;
        BulkInsert host = session.Insert(Hosts);
        foreach ((int number, HostKey key) in chunk.Hosts)
        {
            host.Int64(RowKey.Of(fetchKey, number));
            host.Int64(fetchKey);
            host.Text(key.ToString());
            await host.EndRowAsync(token);
        }

        BulkInsert request = session.Insert(Requests);
        for (int i = 0; i < chunk.Requests.Count; i++)
        {
            (RequestDraft draft, int? hostNumber) = chunk.Requests[i];
            request.Int64(RowKey.Of(fetchKey, chunk.First + i));
            request.Int64(hostNumber is { } number ? RowKey.Of(fetchKey, number) : null);
            AddContent(request, draft);
            await request.EndRowAsync(token);
        }

        return fetchKey;
    }

    private static void AddContent(BulkInsert request, RequestDraft draft)
    {
        request.Text(draft.Url);
        request.TextOrNull(draft.Method);
        request.TextOrNull(draft.Headers);
        request.BlobOrNull(draft.Body);
        request.TextOrNull(draft.Tag);
        request.TextOrNull(draft.Fault);
    }
}
