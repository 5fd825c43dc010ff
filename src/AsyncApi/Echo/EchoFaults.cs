using System.Globalization;

namespace AsyncApi.Echo;

/// <summary>Why a server can't start, in words for who can mend it.</summary>
internal static class EchoFaults
{
    public static string Taken(string protocol, int port, string setting) => string.Create(
        CultureInfo.InvariantCulture,
        $"The echo server can't listen on {protocol} port {port}, which is in use. Choose another (Echo:{setting}), or do without (Echo:Enabled=false).");
}
