using AsyncApi.Fetching;
using AsyncApi.Http.Input;
using AsyncApi.Storage;

namespace AsyncApi.Hosts;

/// <summary>
/// What operators see of hosts and do to them. The engine tells hosts apart by their scheme too; people, who name them by name and port,
/// mean both.
/// </summary>
internal sealed class HostControl(FetchEngine engine, HostStore store, StorageNews news) : IDisposable
{
    /// <summary>What other processes are told.</summary>
    public const string Topic = "hosts";

    private static readonly HostLimits Default = new(Concurrency: null, RequestsPerSecond: 0);

    // One change at a time, or of two the engine could be told of the older one last.
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Dictionary<string, HostLimits> _inForce = new(StringComparer.Ordinal);

    /// <summary>In the order of their names.</summary>
    public async Task<IReadOnlyList<HostView>> ListAsync() =>
        [.. (await engine.GetHostsAsync())
            .GroupBy(state => NameOf(state.Key))
            .Select(states => Merge(states.Key, states))
            .OrderBy(view => view.Host, StringComparer.Ordinal)];

    /// <summary>On disk and in force when this returns; in other processes on the same database soon after.</summary>
    public async Task<HostView> ChangeAsync(HostText host, HostChange change, CancellationToken token)
    {
        await _changing.WaitAsync(token);
        try
        {
            Apply(host.ToString(), await store.ChangeAsync(host.ToString(), change, token));
        }
        finally
        {
            _changing.Release();
        }

        news.Say(Topic);
        return await FindAsync(host);
    }

    /// <summary>Brings in force what the table says and the engine does not know: set by an earlier process, or by another one.</summary>
    public async Task RefreshAsync(CancellationToken token)
    {
        await _changing.WaitAsync(token);
        try
        {
            IReadOnlyDictionary<string, HostLimits> stored = await store.ReadLimitsAsync(token);
            foreach (string host in _inForce.Keys.Union(stored.Keys, StringComparer.Ordinal).ToArray())
            {
                Apply(host, stored.GetValueOrDefault(host, Default));
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    public Task<HostView> ResetAsync(HostText host)
    {
        foreach (HostKey key in KeysOf(host))
        {
            engine.ResetCircuit(key);
        }

        return FindAsync(host);
    }

    public void Dispose() => _changing.Dispose();

    private void Apply(string host, HostLimits limits)
    {
        if (_inForce.GetValueOrDefault(host, Default) == limits)
        {
            return;
        }

        _inForce[host] = limits;
        if (limits == Default)
        {
            _inForce.Remove(host);
        }

        foreach (HostKey key in KeysOf(HostText.Parse(host)!))
        {
            engine.SetHostLimits(key, limits);
        }
    }

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
