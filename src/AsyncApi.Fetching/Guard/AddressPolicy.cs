using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Fetching;

/// <summary>
/// Which addresses and ports may be connected to. For IPv4 a list is refused; for IPv6 a list is allowed (global unicast without
/// its special blocks), which covers every embedding of IPv4 that nobody thought of. The operator's exceptions open what they
/// name and nothing else. Every check is on the address itself, whatever name or spelling led to it. Safe for any number of threads.
/// </summary>
public sealed class AddressPolicy
{
    // Special-purpose, not globally reachable, multicast, reserved, and the one public address that is a cloud's own (Azure's wire server).
    private static readonly AddressBlock[] RefusedIPv4 = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    }.Select(AddressBlock.Parse)];

    private static readonly AddressBlock GlobalIPv6 = AddressBlock.Parse("2000::/3");

    // Protocol assignments with Teredo, documentation, 6to4, AS112, documentation again.
    private static readonly AddressBlock[] RefusedIPv6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(AddressBlock.Parse)];

    private readonly AllowedNetwork[] _networks;
    private readonly PortRange[] _ports;
    private volatile OwnEndpoints _own = OwnEndpoints.None;

    /// <summary>A policy out of the operator's lists; null or no networks: nothing private; null ports: <see cref="DefaultPorts"/>.</summary>
    public AddressPolicy(IEnumerable<AllowedNetwork>? allowedNetworks = null, IEnumerable<PortRange>? allowedPorts = null)
    {
        _networks = allowedNetworks?.ToArray() ?? [];
        _ports = allowedPorts?.ToArray() ?? [.. DefaultPorts];
    }

    /// <summary>A policy that lets everything pass: for targets that an operator configured, never for those that a client chose.</summary>
    public static AddressPolicy Unrestricted() => new(
        [AllowedNetwork.Parse("0.0.0.0/0"), AllowedNetwork.Parse("::/0")], [new PortRange(1, ushort.MaxValue)]);

    /// <summary>The ports of public addresses that are open unless the operator says otherwise: 80, 443, 8000-8999.</summary>
    public static IReadOnlyList<PortRange> DefaultPorts { get; } = [new(80, 80), new(443, 443), new(8000, 8999)];

    /// <summary>
    /// Whether the operator made any exception. Without one, names that can only be local (<c>localhost</c>, single labels,
    /// <c>.internal</c> …) are refused before any lookup; with one, they are judged by the addresses they resolve to.
    /// </summary>
    public bool HasExceptions => _networks.Length > 0;

    /// <summary>
    /// Says where the service itself listens; known only once it does. Those endpoints are then refused like private ones, and only
    /// an exception for exactly that address and port opens one again. A wildcard address stands for every address of this machine.
    /// </summary>
    public void RefuseOwn(IEnumerable<IPEndPoint> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        _own = OwnEndpoints.Of(endpoints);
    }

    /// <summary>Whether the service itself listens there, as far as <see cref="RefuseOwn"/> was told.</summary>
    public bool IsOwn(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        return _own.Contains(address, AddressBlock.Bits(address), port);
    }

    /// <summary>Whether a connection to this address and port may be opened. Allocates nothing.</summary>
    public bool Allows(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (port is < 1 or > 65535 || address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            return false;

        bool isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        UInt128 bits = AddressBlock.Bits(address);
        // ::ffff:0:0/96 reaches IPv4 past every IPv4 rule, so it goes first and has no exception.
        if (isIPv6 && bits >> 32 == 0xffff)
            return false;

        bool isOwn = _own.Contains(address, bits, port);
        foreach (AllowedNetwork network in _networks)
        {
            if (network.Contains(isIPv6, bits, port) && (!isOwn || network is { IsSingleAddress: true, Port: not null }))
                return true;
        }

        return !isOwn && IsPublicPort(port) && IsPublic(address, isIPv6, bits);
    }

    /// <summary>Whether any address at all may be connected to at this port: false refuses a name before its lookup.</summary>
    public bool AllowsSomewhere(int port)
    {
        if (IsPublicPort(port))
            return true;
        foreach (AllowedNetwork network in _networks)
        {
            if (network.Port is null || network.Port == port)
                return true;
        }

        return false;
    }

    private bool IsPublicPort(int port)
    {
        foreach (PortRange range in _ports)
        {
            if (range.Contains(port))
                return true;
        }

        return false;
    }

    private static bool IsPublic(IPAddress address, bool isIPv6, UInt128 bits)
    {
        if (isIPv6 && (address.ScopeId != 0 || !GlobalIPv6.Contains(isIPv6, bits)))
            return false;
        foreach (AddressBlock block in isIPv6 ? RefusedIPv6 : RefusedIPv4)
        {
            if (block.Contains(isIPv6, bits))
                return false;
        }

        return true;
    }
}
