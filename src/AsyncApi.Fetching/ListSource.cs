namespace AsyncApi.Fetching;

/// <summary>The requests of a list in memory, by host in order of first appearance.</summary>
internal sealed class ListSource : IFetchSource
{
    private readonly Dictionary<HostKey, Queue<FetchRequest>> _byHost = [];
    private readonly Queue<HostKey> _hosts = [];
    private readonly List<FetchRequest> _givenBack = [];

    public ListSource(IEnumerable<FetchRequest> requests)
    {
        foreach (FetchRequest request in requests)
        {
            HostKey host = HostKey.Of(request.Url);
            if (!_byHost.TryGetValue(host, out Queue<FetchRequest>? queue))
            {
                _byHost.Add(host, queue = []);
                _hosts.Enqueue(host);
            }

            queue.Enqueue(request);
        }
    }

    public ValueTask<IReadOnlyList<FetchHost>> ReadHostsAsync(int max, CancellationToken token) =>
        new([.. Take(_hosts, max).Select(host => new FetchHost(host, _byHost[host].Count))]);

    public ValueTask<IReadOnlyList<FetchRequest>> ReadRequestsAsync(HostKey host, int max, CancellationToken token) =>
        new(Take(_byHost[host], max));

    /// <summary>Requests that were handed out and not tried.</summary>
    public void TakeBack(IEnumerable<FetchRequest> requests)
    {
        lock (_givenBack)
        {
            _givenBack.AddRange(requests);
        }
    }

    /// <summary>Once its fetch is over: all that was never tried.</summary>
    public IEnumerable<FetchRequest> Untried() => _givenBack.Concat(_byHost.Values.SelectMany(static queue => queue));

    private static List<T> Take<T>(Queue<T> queue, int max)
    {
        List<T> taken = new(Math.Min(max, queue.Count));
        while (taken.Count < max && queue.TryDequeue(out T? item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
