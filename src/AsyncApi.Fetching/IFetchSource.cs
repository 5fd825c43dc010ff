namespace AsyncApi.Fetching;

/// <summary>
/// Where a fetch's requests come from. The engine asks for each host apart, so that a slow host's requests never stand
/// in the way of another's. Calls for one source come one at a time for hosts, and one at a time for each host.
/// </summary>
public interface IFetchSource
{
    /// <summary>
    /// The next hosts, at most <paramref name="max"/>, each host exactly once over the source's life. Fewer than asked,
    /// an empty list too, means that there are no more.
    /// </summary>
    ValueTask<IReadOnlyList<FetchHost>> ReadHostsAsync(int max, CancellationToken token);

    /// <summary>
    /// The next requests to one host, at most <paramref name="max"/>, each request exactly once over the source's life.
    /// Fewer than asked, an empty list too, means that there are no more.
    /// </summary>
    ValueTask<IReadOnlyList<FetchRequest>> ReadRequestsAsync(HostKey host, int max, CancellationToken token);

    /// <summary>
    /// A request failed and waits for its next attempt. A source that outlives the process notes it, and hands it back as
    /// <see cref="FetchRequest.Resumed"/>: then no crash shortens a wait or forgets an attempt. Called on any thread; must return at once.
    /// </summary>
    void OnRetryWait(FetchRequest request, FetchRetryWait wait)
    {
    }
}
