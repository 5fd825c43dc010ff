using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace AsyncApi.Fetching;

/// <summary>
/// The system's resolver on threads of its own, at most <paramref name="maxLookups"/> at a time, one lookup for all who ask for a name at
/// the same moment. On Linux it blocks its thread until it has an answer, and the framework's asynchronous form does that on the
/// thread pool: a handful of names whose servers are silent would stop everything else in the process.
/// </summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "The resolver of the guarded connector: the ban sends all others there.")]
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no wait handle, and a resolver lives as long as the process.")]
internal sealed class SystemResolver(int maxLookups, Func<string, IPAddress[]> lookUp)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IPAddress[]>>> _running = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _free = new(maxLookups);

    public static SystemResolver Shared { get; } = new(128, Dns.GetHostAddresses);

    /// <summary>The name's addresses. Cancelling leaves the lookup to the others who wait for it.</summary>
    public Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) =>
        _running.GetOrAdd(name, key => new Lazy<Task<IPAddress[]>>(() => RunAsync(key))).Value.WaitAsync(cancellationToken);

    private async Task<IPAddress[]> RunAsync(string name)
    {
        await _free.WaitAsync(CancellationToken.None);
        try
        {
            return await Task.Factory.StartNew(() => lookUp(name), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _running.TryRemove(name, out _);
            _free.Release();
        }
    }
}
