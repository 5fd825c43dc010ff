using AsyncApi.Fetching;
using AsyncApi.Http.Input;

namespace AsyncApi.Hosts;

/// <summary>
/// What operators see of hosts and do to them. The engine tells hosts apart by their scheme too; people, who name them by name and port,
/// mean both.
/// </summary>
internal sealed class HostControl(FetchEngine engine, HostStore store) : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <summary>In the order of their names.</summary>
    public async Task<IReadOnlyList<HostView>> ListAsync() =>
        [.. (await engine.GetHostsAsync())
            .GroupBy(state => NameOf(state.Key))
            .Select(states => Merge(states.Key, states))
            .OrderBy(view => view.Host, StringComparer.Ordinal)];

    /// <summary>On disk and in force when this returns.</summary>
    public async Task<HostView> ChangeAsync(HostText host, HostChange change, CancellationToken token)
    {
        // One at a time, or of two changes the engine could be told of the older one last.
        await _changing.WaitAsync(token);
        try
        {
            Apply(host, await store.ChangeAsync(host.ToString(), change, token));
        }
        finally
        {
            _changing.Release();
        }

        return await FindAsync(host);
    }

    public Task<HostView> ResetAsync(HostText host)
    {
        foreach (HostKey key in KeysOf(host))
        {
            engine.ResetCircuit(key);
        }

        return FindAsync(host);
    }

    public void Apply(HostText host, HostLimits limits)
    {
        foreach (HostKey key in KeysOf(host))
        {
            engine.SetHostLimits(key, limits);
        }
    }

    public void Dispose() => _changing.Dispose();

    private async Task<HostView> FindAsync(HostText host)
    {
        string name = host.ToString();
        HostState[] states = [.. (await engine.GetHostsAsync()).Where(state => NameOf(state.Key) == name)];
        return states.Length == 0 ? new HostView { Host = name, Concurrency = engine.HostConcurrency } : Merge(name, states);
    }

    private static HostView Merge(string name, IEnumerable<HostState> states)
    {
        HostState first = states.MaxBy(state => state.Circuit is CircuitState.Open ? 2 : state.Circuit is CircuitState.HalfOpen ? 1 : 0)!;
        return new HostView
        {
            Host = name,
            Running = states.Sum(state => state.Running),
            Waiting = states.Sum(state => state.Waiting),
            Concurrency = first.Concurrency,
            RequestsPerSecond = first.RequestsPerSecond,
            Circuit = first.Circuit,
            OpenUntil = first.OpenUntil,
            RetryAfterUntil = states.Max(state => state.RetryAfterUntil),
        };
    }

    private static string NameOf(HostKey key) => new HostText(key.Name, key.Port).ToString();

    private static HostKey[] KeysOf(HostText host) => [new("http", host.Name, host.Port!.Value), new("https", host.Name, host.Port.Value)];
}
