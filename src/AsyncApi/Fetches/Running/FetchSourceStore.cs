using System.Text.Json;
using AsyncApi.Fetching;
using AsyncApi.Storage;

namespace AsyncApi.Fetches.Running;

/// <summary>
/// Reads a fetch's requests ahead for the engine, host by host. One that goes on leaves out what has its result, and tells of the
/// rest what was tried already.
/// </summary>
internal sealed class FetchSourceStore(
    Database database, StoragePatience patience, long fetchKey, bool resumed, FetchWaitLog waits) : IFetchSource
{
    // With what there is to do for each of them, so that it can be told what waits for which host.
    private const string Hosts =
        "select id, host, (select count(*) from fetch_requests where host_id = fetch_hosts.id{0}) from fetch_hosts "
        + "where fetch_key = ?1 and id > ?2 order by id limit ?3";

    private const string Requests = "select id, url, method, headers, body from fetch_requests where host_id = ?1 and id > ?2";

    private const string ResumedRequests =
        "select id, url, method, headers, body, not_before, waits_for, timeline from fetch_requests "
        + "left join fetch_waits on fetch_waits.request_id = fetch_requests.id where host_id = ?1 and id > ?2";

    private const string WithoutResult = " and not exists (select 1 from fetch_results where request_id = fetch_requests.id)";

    private const string InOrder = " order by id limit ?3";

    private readonly string _hosts = Hosts.Replace("{0}", resumed ? WithoutResult : "", StringComparison.Ordinal);
    private readonly string _requests = (resumed ? ResumedRequests + WithoutResult : Requests) + InOrder;
    private readonly Dictionary<HostKey, Place> _places = [];
    private long _lastHost;

    public ValueTask<IReadOnlyList<FetchHost>> ReadHostsAsync(int max, CancellationToken token) =>
        patience.RunAsync(stop => ReadHostRowsAsync(max, stop), token);

    public ValueTask<IReadOnlyList<FetchRequest>> ReadRequestsAsync(HostKey host, int max, CancellationToken token) =>
        patience.RunAsync(stop => ReadRequestRowsAsync(host, max, stop), token);

    private async Task<IReadOnlyList<FetchHost>> ReadHostRowsAsync(int max, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        Statement select = session.Prepare(_hosts);
        select.BindInt64(1, fetchKey);
        select.BindInt64(2, _lastHost);
        select.BindInt64(3, max);
        long last = _lastHost;
        List<FetchHost> hosts = [];
        while (await select.StepAsync(token))
        {
            last = select.ColumnInt64(0);
            HostKey host = HostKey.Of(new Uri(select.ColumnString(1)!));
            lock (_places)
            {
                _places[host] = new Place(last);
            }

            hosts.Add(new FetchHost(host, (int)select.ColumnInt64(2)));
        }

        _lastHost = last;
        return hosts;
    }

    private async Task<IReadOnlyList<FetchRequest>> ReadRequestRowsAsync(HostKey host, int max, CancellationToken token)
    {
        Place place;
        lock (_places)
        {
            place = _places[host];
        }

        using ReadSession session = await database.OpenReadAsync(token);
        Statement select = session.Prepare(_requests);
        select.BindInt64(1, place.HostId);
        select.BindInt64(2, place.LastRequest);
        select.BindInt64(3, max);
        List<FetchRequest> requests = new(max);
        long last = place.LastRequest;
        while (await select.StepAsync(token))
        {
            last = select.ColumnInt64(0);
            requests.Add(ReadRow(select));
        }

        place.LastRequest = last;

        if (requests.Count < max)
        {
            lock (_places)
            {
                _places.Remove(host);
            }
        }

        return requests;
    }

    public void OnRetryWait(FetchRequest request, FetchRetryWait wait) => waits.Note(request, wait);

    private FetchRequest ReadRow(Statement row) => new(RowKey.NumberOf(row.ColumnInt64(0)), new Uri(row.ColumnString(1)!))
    {
        Method = row.ColumnIsNull(2) ? HttpMethod.Get : HttpMethod.Parse(row.ColumnString(2)),
        Headers = row.ColumnIsNull(3)
            ? FetchHeaders.None
            : FetchHeaders.Of(JsonSerializer.Deserialize<Dictionary<string, string>>(row.ColumnTextSpan(3))!),
        Body = row.ColumnIsNull(4) ? default : row.ColumnBlobSpan(4).ToArray(),
        Resumed = resumed ? FetchWaitStore.Read(row, 5) : null,
    };

    /// <summary>How far the requests of one host were read. The engine reads one host once at a time.</summary>
    private sealed class Place(long hostId)
    {
        public long HostId { get; } = hostId;

        public long LastRequest { get; set; }
    }
}
