using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Fetching;

/// <summary>
/// A CIDR range over plain integers. <see cref="IPNetwork.Contains"/> is not used for judging: it is wrong for IPv4-mapped
/// addresses (it finds <c>::ffff:10.0.0.1</c> inside <c>2000::/3</c>), and this costs a few nanoseconds and no allocation.
/// </summary>
/// <param name="IsIPv6">The family; a block never holds an address of the other one.</param>
/// <param name="Prefix">The network's bits; an IPv4 network stands in the low 32.</param>
/// <param name="Mask">Ones where the prefix counts.</param>
internal readonly record struct AddressBlock(bool IsIPv6, UInt128 Prefix, UInt128 Mask)
{
    public static AddressBlock Parse(string cidr)
    {
        IPNetwork network = IPNetwork.Parse(cidr);
        return Of(network.BaseAddress, network.PrefixLength);
    }

    public static AddressBlock Of(IPAddress address, int prefixLength)
    {
        bool isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        int hostBits = (isIPv6 ? 128 : 32) - prefixLength;
        // A shift by the full width of the type is a shift by nothing.
        UInt128 mask = hostBits == 128 ? UInt128.Zero : UInt128.MaxValue << hostBits;
        return new AddressBlock(isIPv6, Bits(address) & mask, isIPv6 ? mask : mask & uint.MaxValue);
    }

    public bool Contains(bool isIPv6, UInt128 bits) => isIPv6 == IsIPv6 && (bits & Mask) == Prefix;

    public static UInt128 Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        return written == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
