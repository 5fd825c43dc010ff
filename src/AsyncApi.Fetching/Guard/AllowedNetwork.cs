using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Fetching;

/// <summary>
/// An operator's exception to the address rules: a CIDR range or one address, with one port or every port. It opens what it
/// names and nothing else: <c>127.0.0.0/8</c> opens neither <c>::1</c> nor <c>0.0.0.0</c>.
/// </summary>
public sealed class AllowedNetwork
{
    private const string Forms = "use an address or a CIDR range with an optional port, such as 10.1.2.3, 10.0.0.0/8:8080, ::1, fd00::/8 or [::1]:8080";

    private readonly AddressBlock _block;
    private readonly string _text;

    private AllowedNetwork(AddressBlock block, bool isSingleAddress, int? port, string text)
    {
        _block = block;
        IsSingleAddress = isSingleAddress;
        Port = port;
        _text = text;
    }

    /// <summary>The only port that is open; null for every port.</summary>
    public int? Port { get; }

    internal bool IsSingleAddress { get; }

    /// <summary>Reads one entry. Never throws; on false, <paramref name="error"/> names the entry and what is right.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AllowedNetwork? network, [NotNullWhen(false)] out string? error)
    {
        network = null;
        if (!TrySplit(text, out string? host, out string? prefixText, out string? portText) || !TryAddress(host, out IPAddress? address))
        {
            error = $"'{text}' is not a network: {Forms}.";
            return false;
        }

        int? port = null;
        int width = address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;
        int prefix = width;
        if (portText is not null && !PortRange.TryPort(portText, out port))
            error = $"'{text}' has no valid port: it is a number from 1 to 65535.";
        else if (prefixText is not null && !(TryNumber(prefixText, out prefix) && prefix <= width))
            error = $"'{text}' has no valid prefix length: it is a number from 0 to {width}.";
        else if (address.IsIPv4MappedToIPv6)
            error = $"'{text}' is an IPv4-mapped address, which is always refused: write {address.MapToIPv4()}.";
        else
            error = FaultOfHostBits(text, address, prefix);

        if (error is not null)
            return false;
        network = new AllowedNetwork(AddressBlock.Of(address, prefix), prefix == width, port, text!);
        return true;
    }

    internal bool Contains(bool isIPv6, UInt128 bits, int port) => (Port is null || Port == port) && _block.Contains(isIPv6, bits);

    /// <summary>The entry as the operator wrote it.</summary>
    public override string ToString() => _text;

    // a, a:port, a/n, a/n:port, v6, v6/n, v6/n:port, [v6], [v6]:port, [v6/n]:port, [v6]/n:port
    private static bool TrySplit(string? text, [NotNullWhen(true)] out string? host, out string? prefix, out string? port)
    {
        host = prefix = port = null;
        if (string.IsNullOrEmpty(text))
            return false;

        string rest = text;
        bool bracketed = text[0] == '[';
        if (bracketed)
        {
            int close = text.IndexOf(']');
            if (close < 0)
                return false;
            host = text[1..close];
            rest = text[(close + 1)..];
            if (!host.Contains(':'))
                return false;
        }

        // Behind a bracket or a slash a colon can only begin a port; else it does so only where there is just one.
        int slash = rest.IndexOf('/');
        int colon = slash >= 0 || bracketed || rest.IndexOf(':') == rest.LastIndexOf(':') ? rest.LastIndexOf(':') : -1;
        if (colon >= 0 && colon > slash)
        {
            port = rest[(colon + 1)..];
            rest = rest[..colon];
        }

        string before = slash < 0 ? rest : rest[..slash];
        if (slash >= 0)
            prefix = rest[(slash + 1)..];
        if (!bracketed)
            host = before;
        else if (before.Length > 0)
            return false;
        else if (prefix is null && host!.IndexOf('/') is >= 0 and int inner)
            (host, prefix) = (host[..inner], host[(inner + 1)..]);
        return host is not null;
    }

    private static bool TryAddress(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        bool legible = !host.AsSpan().ContainsAny('[', ']', '%') && IPAddress.TryParse(host, out address);
        // 127.1 and 0177.0.0.1 are addresses to the parser; an operator's list must say what it means.
        return legible && (address!.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == host);
    }

    private static string? FaultOfHostBits(string? text, IPAddress address, int prefix)
    {
        UInt128 bits = AddressBlock.Bits(address);
        AddressBlock block = AddressBlock.Of(address, prefix);
        if (block.Prefix == bits)
            return null;
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return $"'{text}' has bits set behind its prefix: write {new IPAddress(bytes)}/{prefix}.";
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
