using System.Collections.Concurrent;
using System.Net;

namespace AsyncApi.Fetching;

/// <summary>
/// The address that each host was connected to last for HTTP/2, for as long as such a connection is open. There many requests share a
/// connection, and the HTTP stack does not tell which went over which.
/// </summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<(string Host, int Port), Entry> _hosts = [];
    private readonly Lock _gate = new();

    public IPEndPoint? AddressOf(HostKey host) =>
        _hosts.TryGetValue((host.Name, host.Port), out Entry? entry) ? entry.Address : null;

    public void Opened(DnsEndPoint host, IPEndPoint address)
    {
        lock (_gate)
        {
            Entry entry = _hosts.GetOrAdd(KeyOf(host), static _ => new Entry());
            entry.Address = address;
            entry.Open++;
        }
    }

    public void Closed(DnsEndPoint host)
    {
        lock (_gate)
        {
            if (_hosts.TryGetValue(KeyOf(host), out Entry? entry) && --entry.Open == 0)
            {
                _hosts.TryRemove(KeyOf(host), out _);
            }
        }
    }

    // As HostKey spells it.
    private static (string Host, int Port) KeyOf(DnsEndPoint host)
    {
        string name = host.Host.TrimEnd('.');
        return (name.Contains(':') && !name.StartsWith('[') ? $"[{name}]" : name, host.Port);
    }

    private sealed class Entry
    {
        private volatile IPEndPoint? _address;

        public IPEndPoint? Address
        {
            get => _address;
            set => _address = value;
        }

        public int Open { get; set; }
    }
}
