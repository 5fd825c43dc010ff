namespace AsyncApi.Tests.Architecture;

/// <summary>The address guard is worth what the ways around it are: none.</summary>
public sealed class OutboundRules
{
    /// <summary>The types of the engine that open connections, wrap what was opened and resolve names.</summary>
    private static readonly string[] Guard =
    [
        "AsyncApi.Fetching.GuardedConnector", "AsyncApi.Fetching.GuardedHandler", "AsyncApi.Fetching.SystemResolver",
        "AsyncApi.Fetching.TracedStream",
    ];

    /// <summary>The patterns whose subject is sockets.</summary>
    private static readonly string[] EchoPair = ["AsyncApi.Patterns.Sockets.TcpEchoPattern", "AsyncApi.Patterns.Sockets.UdpEchoPattern"];

    /// <summary>The service's own socket: it listens on loopback, and sends to who has sent.</summary>
    private const string UdpServer = "AsyncApi.Echo.UdpEcho";

    private static readonly HashSet<string> OpensConnections = new(StringComparer.Ordinal)
    {
        "System.Net.Dns",
        "System.Net.HttpWebRequest",
        "System.Net.WebClient",
        "System.Net.WebRequest",
        "System.Net.Http.HttpClient",
        "System.Net.Http.HttpClientHandler",
        "System.Net.Http.SocketsHttpHandler",
        "System.Net.Mail.SmtpClient",
        "System.Net.NetworkInformation.Ping",
        "System.Net.Quic.QuicConnection",
        "System.Net.Sockets.NetworkStream",
        "System.Net.Sockets.Socket",
        "System.Net.Sockets.SocketAsyncEventArgs",
        "System.Net.Sockets.TcpClient",
        "System.Net.Sockets.UdpClient",
        "System.Net.WebSockets.ClientWebSocket",
    };

    private static readonly CodeAssembly Engine = CodeAssembly.Read("AsyncApi.Fetching");

    [Fact]
    public void Guard_is_where_connections_are_opened()
        => Rule.Holds("A name on the list that opens nothing is a hole for later.", Guard, name => Opening(name).Any() ? [] : [$"{name} opens no connection"]);

    [Fact]
    public void Engine_opens_connections_in_its_guard_only()
        => Rule.Holds(
            "An address is checked when it is connected to; what connects elsewhere is not checked.",
            Engine.Types.Where(type => !Guard.Contains(type.FullName)),
            type => Rule.Mentions(type, Opens));

    [Fact]
    public void Service_opens_no_connection_of_its_own()
        => Rule.Holds(
            "Every outbound connection goes through the engine's guard.",
            CodeAssembly.Read("AsyncApi").Types.Where(type => type.FullName != UdpServer),
            type => Rule.Mentions(type, Opens));

    [Fact]
    public void Patterns_open_connections_in_the_echo_pair_only()
        => Rule.Holds(
            "What a pattern fetches goes through a delegate of the service, and so through the engine's guard; the echo pair talks to itself on loopback.",
            CodeAssembly.Read("AsyncApi.Patterns").Types.Where(type => !EchoPair.Contains(type.FullName)),
            type => Rule.Mentions(type, Opens));

    private static IEnumerable<string> Opening(string name)
        => Engine.Types.Where(type => type.FullName == name).SelectMany(type => Rule.Mentions(type, Opens));

    private static bool Opens(CodeReference reference) => OpensConnections.Contains(reference.FullName);
}
