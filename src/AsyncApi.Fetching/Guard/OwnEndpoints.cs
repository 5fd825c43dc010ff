using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;

namespace AsyncApi.Fetching;

/// <summary>Where the service itself can be reached on this machine. What a gateway in front of it maps to it can't be known here.</summary>
internal sealed class OwnEndpoints
{
    public static readonly OwnEndpoints None = new([], []);

    private readonly FrozenSet<(UInt128 Bits, int Port)> _exact;
    private readonly FrozenSet<int> _wildcardPorts;
    private readonly FrozenSet<int> _ports;

    private OwnEndpoints(HashSet<(UInt128 Bits, int Port)> exact, HashSet<int> wildcardPorts)
    {
        _exact = exact.ToFrozenSet();
        _wildcardPorts = wildcardPorts.ToFrozenSet();
        _ports = exact.Select(endpoint => endpoint.Port).Concat(wildcardPorts).ToFrozenSet();
    }

    public static OwnEndpoints Of(IEnumerable<IPEndPoint> endpoints)
    {
        HashSet<(UInt128 Bits, int Port)> exact = [];
        HashSet<int> wildcardPorts = [];
        foreach (IPEndPoint endpoint in endpoints)
        {
            bool isWildcard = IsUnspecified(endpoint.Address);
            if (isWildcard)
                wildcardPorts.Add(endpoint.Port);
            foreach (IPAddress address in isWildcard ? MachineAddresses() : [endpoint.Address])
                exact.Add((AddressBlock.Bits(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address), endpoint.Port));
        }

        return new OwnEndpoints(exact, wildcardPorts);
    }

    public bool Contains(IPAddress address, UInt128 bits, int port)
    {
        if (!_ports.Contains(port))
            return false;
        // Connecting to the unspecified address reaches this machine, and a wildcard listener answers on all of 127.0.0.0/8.
        return IsUnspecified(address) || (_wildcardPorts.Contains(port) && IPAddress.IsLoopback(address)) || _exact.Contains((bits, port));
    }

    private static bool IsUnspecified(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static IEnumerable<IPAddress> MachineAddresses() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address);
}
