using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace AsyncApi.Fetching;

/// <summary>
/// The only place that resolves a name and opens a connection. One lookup for each connection, every answer judged, and the
/// connection goes to a judged address: there is no second lookup that could answer otherwise. Whatever goes wrong, nothing is opened.
/// </summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "The one place that may open connections: the ban sends all others here.")]
public sealed class GuardedConnector
{
    /// <summary>The longest a lookup may take.</summary>
    public static readonly TimeSpan LookupLimit = TimeSpan.FromSeconds(5);

    /// <summary>The longest that connecting may take, over all addresses of a name.</summary>
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>A name with more addresses than this is refused.</summary>
    public const int MaxAnswers = 32;

    // A dead first address must leave time for the next one, a slow one must have a fair chance.
    private static readonly TimeSpan LeastShare = TimeSpan.FromSeconds(1);

    private readonly ConditionalWeakTable<HttpRequestMessage, object> _connected = [];
    private readonly AddressPolicy _policy;
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <summary>A connector under <paramref name="policy"/>; the system's clock and resolver unless others are given.</summary>
    public GuardedConnector(AddressPolicy policy, TimeProvider? time = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _policy = policy;
        _time = time ?? TimeProvider.System;
        _resolve = resolve ?? SystemResolver.Shared.ResolveAsync;
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>: connects and tells the request's <see cref="ConnectedPeer"/>, if it has one.</summary>
    /// <remarks>
    /// One connection for each request, with the exceptions of <see cref="TracedRequest.MayConnect"/>. The stack sends a request again, three
    /// times over, when a new connection is closed before a byte came back, even one that changes something.
    /// </remarks>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        TracedRequest? traced = context.InitialRequestMessage as TracedRequest;
        if (traced is null ? !_connected.TryAdd(context.InitialRequestMessage, _connected) : !traced.MayConnect())
            throw new GuardedConnectException(traced is { IsWritten: false } ? ConnectFailure.Refused : ConnectFailure.Again);

        context.InitialRequestMessage.Options.TryGetValue(ConnectedPeer.OptionsKey, out ConnectedPeer? peer);
        Socket socket = await OpenAsync(context.DnsEndPoint, peer, cancellationToken);
        return traced is null ? new NetworkStream(socket, ownsSocket: true) : new TracedStream(socket, context.DnsEndPoint, traced);
    }

    /// <summary>
    /// A connected stream, or one of: <see cref="BlockedAddressException"/>; an <see cref="HttpRequestException"/> whose reason
    /// <see cref="ConnectFailures.Of"/> tells; the caller's own cancellation.
    /// </summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, ConnectedPeer? peer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new NetworkStream(await OpenAsync(endPoint, peer, cancellationToken), ownsSocket: true);
    }

    private async Task<Socket> OpenAsync(DnsEndPoint endPoint, ConnectedPeer? peer, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = HostRules.TryLiteral(endPoint.Host.Trim('[', ']'), out IPAddress? literal)
            ? [literal]
            : await LookUpAsync(endPoint.Host, cancellationToken);

        // All of them before the first connect: a public answer beside a private one is an attack, not an accident.
        if (addresses.Length > MaxAnswers || !Array.TrueForAll(addresses, address => _policy.Allows(address, endPoint.Port)))
            throw new BlockedAddressException();

        return await ConnectToAnyAsync(Interleave(addresses), endPoint.Port, peer, cancellationToken);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Fails closed: whatever a resolver throws, the name has no address.")]
    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(LookupLimit, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        IPAddress[]? answers;
        try
        {
            // A resolver that ignores its token is left behind.
            answers = await _resolve(host, either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new GuardedConnectException(ConnectFailure.Dns, exception);
        }

        return answers is { Length: > 0 } ? answers : throw new GuardedConnectException(ConnectFailure.Dns);
    }

    private async Task<Socket> ConnectToAnyAsync(IPAddress[] addresses, int port, ConnectedPeer? peer, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        Exception? last = null;
        for (int i = 0; i < addresses.Length; i++)
        {
            TimeSpan left = ConnectLimit - _time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                break;
            TimeSpan fair = left / (addresses.Length - i);
            try
            {
                Socket socket = await ConnectToAsync(new IPEndPoint(addresses[i], port), Min(left, Max(fair, LeastShare)), cancellationToken);
                peer?.Address = addresses[i];
                return socket;
            }
            catch (Exception exception) when (exception is SocketException or TimeoutException)
            {
                last = exception;
            }
        }

        throw new GuardedConnectException(last is SocketException ? ConnectFailure.Connect : ConnectFailure.ConnectTimeout, last);
    }

    private async Task<Socket> ConnectToAsync(IPEndPoint endPoint, TimeSpan share, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(share, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(endPoint, either.Token);
            return socket;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException();
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The resolver's order, but the families in turn: where one of them leads nowhere, the second try is the other.</summary>
    private static IPAddress[] Interleave(IPAddress[] addresses)
    {
        if (addresses.Length < 3)
            return addresses;
        AddressFamily first = addresses[0].AddressFamily;
        return [.. addresses
            .GroupBy(address => address.AddressFamily)
            .SelectMany(family => family.Select((address, rank) => (address, rank)))
            .OrderBy(entry => entry.rank)
            .ThenBy(entry => entry.address.AddressFamily == first ? 0 : 1)
            .Select(entry => entry.address)];
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
