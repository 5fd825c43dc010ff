using System.Runtime.CompilerServices;
using AsyncApi.Fetches.Submission;
using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Fetches;

/// <summary>Reads what is worth another try.</summary>
internal sealed class FetchRetryStore(Database database, IJobCallbacks callbacks)
{
    private const int WindowSize = 1_000;

    /// <summary>As the fetch has them now; it starts at once, and tells of its end whoever was told of the other's.</summary>
    public async Task<SubmissionSettings> SettingsOfAsync(FetchRecord record, CancellationToken token) => new(
        FetchViews.ReadOptions(record.Fetch), (FetchPriority)record.Job.Priority, record.Job.Label, Start: null,
        await callbacks.FindUrlAsync(record.Job, token));

    /// <summary>The requests of a fetch that failed or were cancelled, in the order of their submission, a window at a time.</summary>
    public async IAsyncEnumerable<RequestDraft> ReadAsync(FetchRecord record, [EnumeratorCancellation] CancellationToken token)
    {
        for (int first = 0; first < record.Fetch.Total; first += WindowSize)
        {
            foreach (RequestDraft draft in await ReadAsync(record.Fetch.Key, first, token))
            {
                yield return draft;
            }
        }
    }

    private async Task<List<RequestDraft>> ReadAsync(long fetchKey, int first, CancellationToken token)
    {
        long from = RowKey.Of(fetchKey, first);
        long to = RowKey.Of(fetchKey, first + WindowSize - 1);
        using ReadSession session = await database.OpenReadAsync(token);
        IQueryable<FetchResultRow> missed = session.Context.Set<FetchResultRow>().Where(result => result.Outcome != FetchOutcome.Succeeded);
        var rows = await (
            from request in session.Context.Set<FetchRequestRow>()
            where request.Id >= @from && request.Id <= to && missed.Any(result => result.RequestId == request.Id)
            orderby request.Id
            select request).ToListAsync(token);
        return [.. rows.Select(DraftOf)];
    }

    private static RequestDraft DraftOf(FetchRequestRow row) => new(row.Url)
    {
        Host = row.HostId is null ? null : HostKey.Of(new Uri(row.Url)),
        Method = row.Method,
        Headers = row.Headers,
        Body = row.Body,
        Tag = row.Tag,
        Fault = row.Fault,
    };
}
