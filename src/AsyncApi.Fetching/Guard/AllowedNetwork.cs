using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace AsyncApi.Fetching;

/// <summary>
/// An operator's exception to the address rules: a CIDR range or one address, with one port or every port. It opens what it
/// names and nothing else: <c>127.0.0.0/8</c> opens neither <c>::1</c> nor <c>0.0.0.0</c>.
/// </summary>
public sealed partial class AllowedNetwork
{
    private const string Examples = "10.1.2.3, 10.0.0.0/8:8080, ::1, fd00::/8 or [::1]:8080";

    // More than any of them has, so that matching stays cheap whatever an entry holds.
    private const int MaxLength = 64;

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
        Match match = Form().Match(text is { Length: <= MaxLength } ? text : "");
        if (!match.Success || !TryAddress(match.Groups["address"].Value, out IPAddress? address))
        {
            error = $"'{text}' is not a network: use an address or a CIDR range with an optional port, such as {Examples}.";
            return false;
        }

        int width = address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;
        int prefix = match.Groups["prefix"] is { Success: true } digits ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : width;
        int? port = null;
        if (match.Groups["port"] is { Success: true } number && !PortRange.TryPort(number.Value, out port))
            error = $"'{text}' has no valid port: it is a number from 1 to 65535.";
        else if (prefix > width)
            error = $"'{text}' has no valid prefix length: it is a number from 0 to {width}.";
        else if (address.IsIPv4MappedToIPv6)
            error = $"'{text}' is an IPv4-mapped address, which is always refused: write {address.MapToIPv4()}.";
        else
            error = FaultOfHostBits(text!, address, prefix);

        if (error is null)
            network = new AllowedNetwork(AddressBlock.Of(address, prefix), prefix == width, port, text!);
        return error is null;
    }

    /// <summary>Reads one entry that is known to be right.</summary>
    /// <exception cref="FormatException">It is not; the message names it and what is right.</exception>
    public static AllowedNetwork Parse(string text) => TryParse(text, out AllowedNetwork? network, out string? error) ? network : throw new FormatException(error);

    internal bool Contains(bool isIPv6, UInt128 bits, int port) => (Port is null || Port == port) && _block.Contains(isIPv6, bits);

    /// <summary>The entry as the operator wrote it.</summary>
    public override string ToString() => _text;

    private static bool TryAddress(string host, [NotNullWhen(true)] out IPAddress? address) =>
        // 127.1 and 0177.0.0.1 are addresses to the parser; an operator's list must say what it means.
        IPAddress.TryParse(host, out address) && (host.Contains(':') || address.ToString() == host);

    private static string? FaultOfHostBits(string text, IPAddress address, int prefix)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        IPAddress network = new(bytes);
        return network.Equals(address) ? null : $"'{text}' has bits set behind its prefix: write {network}/{prefix}.";
    }

    // IPv4; IPv6 in brackets, with its prefix inside or behind them; bare IPv6, where only a prefix makes clear that a port follows.
    [GeneratedRegex(
        """
        ^(
          (?<address>[0-9.]+) (/(?<prefix>[0-9]{1,3}))? (:(?<port>[0-9]{1,9}))?
        | \[(?<address>[0-9a-f]*:[0-9a-f:.]*)\] (/(?<prefix>[0-9]{1,3}))? (:(?<port>[0-9]{1,9}))?
        | \[(?<address>[0-9a-f]*:[0-9a-f:.]*)/(?<prefix>[0-9]{1,3})\] (:(?<port>[0-9]{1,9}))?
        | (?<address>[0-9a-f:.]+) (/(?<prefix>[0-9]{1,3}) (:(?<port>[0-9]{1,9}))?)?
        )\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
