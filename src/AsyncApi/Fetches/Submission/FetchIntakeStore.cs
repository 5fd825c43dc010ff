using System.Text.Json;
using AsyncApi.Fetching;
using AsyncApi.Http;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace AsyncApi.Fetches.Submission;

/// <summary>
/// Takes in one submission, all or nothing and in bounded memory: requests are written in chunks under a fetch that has no
/// job and so does not exist for anybody; the last commit adds the job.
/// </summary>
internal sealed class FetchIntakeStore(Database database, SubmissionSettings settings)
{
    private const int ChunkRequests = 1_000;
    private const int ChunkWeight = 1024 * 1024;

    private const string InsertFetch =
        "insert into fetches (options, total, succeeded, failed, cancelled, bytes, retries) values (?1, 0, 0, 0, 0, 0, 0) returning key";

    private const string InsertHost = "insert into fetch_hosts (fetch_key, host) values (?1, ?2) returning id";

    private const string InsertRequest =
        "insert into fetch_requests (id, host_id, url, method, headers, body, tag, fault) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    private readonly Dictionary<HostKey, long> _hosts = [];
    private List<RequestDraft> _chunk = [];
    private int _weight;
    private Task _writing = Task.CompletedTask;
    private long _fetchKey;
    private int _stored;

    /// <summary>Requests taken in so far; some may still be on their way to the writer.</summary>
    public int Count { get; private set; }

    public async ValueTask AddAsync(RequestDraft draft, CancellationToken token)
    {
        Count++;
        _chunk.Add(draft);
        _weight += draft.Weight;
        if (_chunk.Count == ChunkRequests || _weight > ChunkWeight)
        {
            // The next chunk is read while this one is written, and no further.
            await _writing;
            List<RequestDraft> chunk = TakeChunk();
            _writing = database.WriteAsync((session, _) => Store(session, chunk), token);
        }
    }

    /// <summary>Makes the fetch exist. When this returns it is on disk, and will run.</summary>
    /// <param name="keep">Part of the same transaction.</param>
    public async Task<T> CommitAsync<T>(Job job, Func<WriteSession, FetchRecord, CancellationToken, ValueTask<T>> keep, CancellationToken token)
    {
        await _writing;
        List<RequestDraft> chunk = TakeChunk();
        return await database.WriteAsync(
            async (session, stop) =>
            {
                await Store(session, chunk);
                job.Total = _stored;
                session.Context.Set<Job>().Add(job);
                Fetch fetch = await session.Context.Set<Fetch>().SingleAsync(row => row.Key == _fetchKey, stop);
                fetch.JobId = job.Id;
                fetch.Total = _stored;
                await session.Context.SaveChangesAsync(stop);
                return await keep(session, new FetchRecord(job, fetch), stop);
            },
            token);
    }

    /// <summary>Removes what was written of a submission that did not come to its end.</summary>
    public async Task AbandonAsync()
    {
        try
        {
            await _writing;
        }
        finally
        {
            if (_fetchKey != 0)
            {
                await UnfinishedFetchesStore.RemoveAsync(database, _fetchKey, CancellationToken.None);
            }
        }
    }

    private List<RequestDraft> TakeChunk()
    {
        List<RequestDraft> chunk = _chunk;
        _chunk = new List<RequestDraft>(ChunkRequests);
        _weight = 0;
        return chunk;
    }

    private ValueTask Store(WriteSession session, List<RequestDraft> chunk)
    {
        // Written first, kept after: a command that is undone is not run again, its submission is over.
        if (_fetchKey == 0)
        {
            PreparedStatement insert = session.Prepare(InsertFetch);
            insert.BindText(1, JsonSerializer.Serialize(settings.Options, JsonDefaults.Options));
            _fetchKey = ReadKey(insert);
        }

        PreparedStatement request = session.Prepare(InsertRequest);
        foreach (RequestDraft draft in chunk)
        {
            request.BindInt64(1, RowKey.Of(_fetchKey, _stored++));
            request.BindInt64(2, HostIdOf(session, draft.Host));
            request.BindText(3, draft.Url);
            BindText(request, 4, draft.Method);
            BindText(request, 5, draft.Headers);
            if (draft.Body is null)
            {
                request.BindNull(6);
            }
            else
            {
                request.BindBlob(6, draft.Body);
            }

            BindText(request, 7, draft.Tag);
            BindText(request, 8, draft.Fault);
            request.Execute();
        }

        return ValueTask.CompletedTask;
    }

    private long? HostIdOf(WriteSession session, HostKey? host)
    {
        if (host is not { } key)
        {
            return null;
        }

        if (!_hosts.TryGetValue(key, out long id))
        {
            PreparedStatement insert = session.Prepare(InsertHost);
            insert.BindInt64(1, _fetchKey);
            insert.BindText(2, key.ToString());
            _hosts.Add(key, id = ReadKey(insert));
        }

        return id;
    }

    private static long ReadKey(PreparedStatement insert)
    {
        insert.Step();
        long key = insert.ColumnInt64(0);
        insert.Reset();
        return key;
    }

    private static void BindText(PreparedStatement statement, int index, string? text)
    {
        if (text is null)
        {
            statement.BindNull(index);
        }
        else
        {
            statement.BindText(index, text);
        }
    }
}
