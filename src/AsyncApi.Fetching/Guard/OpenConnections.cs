using System.Collections.Concurrent;
using System.Net;

namespace AsyncApi.Fetching;

/// <summary>
/// The address that each host was connected to last, for as long as a connection to it is open: the HTTP stack does not tell which
/// connection a request went over.
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

/// <summary>A request whose connection, if it takes a new one, is to be known. A type of its own: options would cost each request a dictionary.</summary>
internal sealed class TracedRequest(HttpMethod method, Uri url, OpenConnections connections) : HttpRequestMessage(method, url)
{
    /// <summary>Where the connection that was made for it leads; null when none was.</summary>
    public IPEndPoint? Address { get; set; }

    public OpenConnections Connections => connections;
}
