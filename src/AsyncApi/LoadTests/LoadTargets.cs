using System.Net;
using AsyncApi.Fetching;
using AsyncApi.Http.Input;
using Microsoft.Extensions.Options;

namespace AsyncApi.LoadTests;

/// <summary>What may be tested: the hosts that the operator lists; without a list, the service itself.</summary>
internal sealed class LoadTargets(IOptions<LoadTestOptions> options, AddressPolicy addresses)
{
    private readonly HostText[] _allowed = [.. options.Value.AllowedHosts.Select(HostText.Parse).OfType<HostText>()];

    public bool Allows(Uri url)
    {
        HostKey host = HostKey.Of(url);
        return _allowed.Length == 0
            ? IsOwn(host)
            : Array.Exists(_allowed, allowed => allowed.Name == host.Name && (allowed.Port is null || allowed.Port == host.Port));
    }

    private bool IsOwn(HostKey host) => host.Name == "localhost"
        ? addresses.IsOwn(IPAddress.Loopback, host.Port) || addresses.IsOwn(IPAddress.IPv6Loopback, host.Port)
        : IPAddress.TryParse(host.Name, out IPAddress? address) && addresses.IsOwn(address, host.Port);
}
