using System.Net;
using System.Net.Sockets;

namespace AsyncApi.Echo;

/// <summary>
/// Who gets a datagram back. What could make two servers answer each other for ever, or many answer one, gets none. Not safe for
/// several threads: one loop asks.
/// </summary>
internal sealed class EchoSources(int datagramsPerSecond, TimeProvider time)
{
    // Sources can be made up; beyond these nobody new is answered until the second is over.
    private const int MaxSources = 4_096;
    private const int FirstUserPort = 1_024;

    private readonly Dictionary<IPAddress, int> _answered = [];
    private long _second = time.GetTimestamp();

    /// <summary>Whether to answer this one; counts it if so.</summary>
    /// <param name="from">Where it says that it comes from.</param>
    /// <param name="ownPort">The port of the server itself: nothing that speaks from it here is anybody else.</param>
    public bool Take(IPEndPoint from, int ownPort)
    {
        IPAddress address = from.Address;
        if (from.Port < FirstUserPort || (from.Port == ownPort && IPAddress.IsLoopback(address)) || !IsSingle(address))
            return false;
        if (time.GetElapsedTime(_second) >= TimeSpan.FromSeconds(1))
        {
            _second = time.GetTimestamp();
            _answered.Clear();
        }

        int before = _answered.GetValueOrDefault(address);
        if (before >= datagramsPerSecond || (before == 0 && _answered.Count >= MaxSources))
            return false;
        _answered[address] = before + 1;
        return true;
    }

    private static bool IsSingle(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork)
            return false;
        byte[] bytes = address.GetAddressBytes();
        // 127.255.255.255 is loopback's own broadcast; 0 is nobody, 224 and above are many.
        return bytes[0] is > 0 and < 224 && !(bytes[1] == 255 && bytes[2] == 255 && bytes[3] == 255);
    }
}
