using System.Net;

namespace AsyncApi.Fetching.Tests.Guard;

public sealed class GuardedConnectorTests
{
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1.nip.io", "127.0.0.1")]
    [InlineData("localtest.me", "127.0.0.1,::1")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("public-first.test", "93.184.216.34,127.0.0.1")]
    [InlineData("private-first.test", "127.0.0.1,93.184.216.34")]
    [InlineData("mixed-families.test", "2606:4700::1111,10.0.0.1")]
    [InlineData("mapped.test", "::ffff:93.184.216.34")]
    [InlineData("nat64.test", "64:ff9b::5db8:d822")]
    [InlineData("alias-of-private.test", "169.254.169.254")]
    public async Task Connect_name_with_a_forbidden_answer_is_blocked(string name, string answers)
    {
        using Listener listener = new();
        IPAddress[] addresses = [.. answers.Split(',').Select(IPAddress.Parse)];
        GuardedConnector connector = new(new AddressPolicy(allowedPorts: [new PortRange(listener.Port, listener.Port)]), resolve: Answer(addresses));

        await Should.ThrowAsync<BlockedAddressException>(ConnectAsync(connector, name, listener.Port));
        listener.WasReached.ShouldBeFalse();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task Connect_forbidden_literal_is_blocked_without_a_lookup(string host)
    {
        using Listener listener = new();
        GuardedConnector connector = new(new AddressPolicy(), resolve: (_, _) => throw new InvalidOperationException("no lookup"));

        await Should.ThrowAsync<BlockedAddressException>(ConnectAsync(connector, host, listener.Port));
        listener.WasReached.ShouldBeFalse();
    }

    [Theory]
    [InlineData("127.1")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433")]
    public async Task Connect_other_spelling_of_an_address_is_judged_by_what_it_resolves_to(string host)
    {
        using Listener listener = new();
        GuardedConnector connector = new(new AddressPolicy(allowedPorts: [new PortRange(listener.Port, listener.Port)]));

        Exception refusal = await Should.ThrowAsync<Exception>(ConnectAsync(connector, host, listener.Port));
        ConnectFailures.Of(refusal).ShouldBeOneOf(ConnectFailure.Blocked, ConnectFailure.Dns);
        listener.WasReached.ShouldBeFalse();
    }

    [Fact]
    public async Task Connect_exception_for_one_port_leaves_the_other_closed()
    {
        using Listener open = new();
        using Listener closed = new();
        GuardedConnector connector = new(Policies.Allowing($"127.0.0.1:{open.Port}"), resolve: Answer(IPAddress.Loopback));
        ConnectedPeer peer = new();

        await using (Stream stream = await connector.ConnectAsync(new DnsEndPoint("a.test", open.Port), peer, Token))
            stream.CanWrite.ShouldBeTrue();
        await Should.ThrowAsync<BlockedAddressException>(ConnectAsync(connector, "a.test", closed.Port));

        open.WasReached.ShouldBeTrue();
        closed.WasReached.ShouldBeFalse();
        peer.Address.ShouldBe(IPAddress.Loopback);
    }

    [Fact]
    public async Task Connect_name_that_rebinds_reaches_only_what_was_judged()
    {
        using Listener good = new(Second);
        using Listener bad = new(IPAddress.Loopback, good.Port);
        int lookups = 0;
        GuardedConnector connector = new(Policies.Allowing("127.0.0.2"),
            resolve: (_, _) => Task.FromResult<IPAddress[]>([++lookups == 1 ? Second : IPAddress.Loopback]));

        await using (Stream stream = await connector.ConnectAsync(new DnsEndPoint("rebind.test", good.Port), null, Token))
            lookups.ShouldBe(1);
        await Should.ThrowAsync<BlockedAddressException>(ConnectAsync(connector, "rebind.test", good.Port));

        lookups.ShouldBe(2);
        good.WasReached.ShouldBeTrue();
        bad.WasReached.ShouldBeFalse();
    }

    [Theory]
    [InlineData(32, ConnectFailure.Connect)]
    [InlineData(33, ConnectFailure.Blocked)]
    [InlineData(1000, ConnectFailure.Blocked)]
    public async Task Connect_name_with_many_answers_is_refused_above_the_limit(int count, ConnectFailure expected)
    {
        using Listener listener = new(Second);
        IPAddress[] addresses = [.. Enumerable.Range(0, count).Select(i => new IPAddress([127, 1, (byte)(i >> 8), (byte)i]))];
        GuardedConnector connector = new(Policies.Allowing("127.0.0.0/8"), resolve: Answer(addresses));

        Exception refusal = await Should.ThrowAsync<Exception>(ConnectAsync(connector, "many.test", listener.Port));
        ConnectFailures.Of(refusal).ShouldBe(expected);
    }

    [Fact]
    public async Task Connect_name_without_an_answer_is_a_dns_failure()
    {
        GuardedConnector connector = new(new AddressPolicy(), resolve: Answer());

        HttpRequestException failure = await Should.ThrowAsync<HttpRequestException>(ConnectAsync(connector, "none.test", 80));
        failure.HttpRequestError.ShouldBe(HttpRequestError.NameResolutionError);
        ConnectFailures.Of(failure).ShouldBe(ConnectFailure.Dns);
    }

    [Fact]
    public async Task Connect_resolver_that_throws_fails_closed()
    {
        GuardedConnector connector = new(Policies.Allowing("0.0.0.0/0"), resolve: (_, _) => throw new InvalidOperationException());

        Exception failure = await Should.ThrowAsync<HttpRequestException>(ConnectAsync(connector, "broken.test", 80));
        ConnectFailures.Of(failure).ShouldBe(ConnectFailure.Dns);
    }

    [Fact]
    public async Task Connect_lookup_over_its_limit_is_a_dns_failure()
    {
        ExpiringTime time = new(expired: 0);
        GuardedConnector connector = new(new AddressPolicy(), time, (_, _) => new TaskCompletionSource<IPAddress[]>().Task);

        Exception failure = await Should.ThrowAsync<HttpRequestException>(ConnectAsync(connector, "slow.test", 80));
        ConnectFailures.Of(failure).ShouldBe(ConnectFailure.Dns);
        time.Asked.ShouldBe([TimeSpan.FromSeconds(5)]);
    }

    [Fact]
    public async Task Connect_caller_gives_up_during_the_lookup_is_cancelled()
    {
        using CancellationTokenSource caller = new();
        GuardedConnector connector = new(new AddressPolicy(), resolve: (_, _) => new TaskCompletionSource<IPAddress[]>().Task);

        Task<Stream> connecting = connector.ConnectAsync(new DnsEndPoint("slow.test", 80), null, caller.Token).AsTask();
        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(connecting);
    }

    [Fact]
    public async Task Connect_dead_first_address_moves_on_to_the_next()
    {
        using Listener listener = new(Second);
        GuardedConnector connector = new(Policies.Allowing("127.0.0.0/8"), resolve: Answer(IPAddress.Loopback, Second));
        ConnectedPeer peer = new();

        await using Stream stream = await connector.ConnectAsync(new DnsEndPoint("two.test", listener.Port), peer, Token);
        peer.Address.ShouldBe(Second);
    }

    [Fact]
    public async Task Connect_many_addresses_of_one_family_try_the_other_second()
    {
        using Listener listener = new(Second);
        IPAddress six = IPAddress.IPv6Loopback;
        ExpiringTime time = new();
        GuardedConnector connector = new(Policies.Allowing("127.0.0.0/8", "::1"), time, Answer(six, six, six, Second));

        await using Stream stream = await connector.ConnectAsync(new DnsEndPoint("dual.test", listener.Port), null, Token);
        // One timer for the lookup, then one for each try.
        time.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Connect_silent_first_address_leaves_time_for_the_next()
    {
        using Listener answering = new(Second);
        using SilentPort silent = await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Loopback, answering.Port));
        ExpiringTime time = new(expired: 1);
        GuardedConnector connector = new(Policies.Allowing("127.0.0.0/8"), time, Answer(IPAddress.Loopback, Second));
        ConnectedPeer peer = new();

        await using Stream stream = await connector.ConnectAsync(new DnsEndPoint("two.test", answering.Port), peer, Token);

        peer.Address.ShouldBe(Second);
        time.Asked[1].ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(2.5));
        time.Asked[2].ShouldBeInRange(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Connect_silent_address_is_a_connect_timeout()
    {
        using Listener elsewhere = new(Second);
        using SilentPort silent = await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Loopback, elsewhere.Port));
        ExpiringTime time = new(expired: 0);
        GuardedConnector connector = new(Policies.Allowing("127.0.0.1"), time);

        Exception failure = await Should.ThrowAsync<HttpRequestException>(ConnectAsync(connector, "127.0.0.1", elsewhere.Port));

        ConnectFailures.Of(failure).ShouldBe(ConnectFailure.ConnectTimeout);
        time.Asked[0].ShouldBeInRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Connect_caller_gives_up_on_a_silent_address_is_cancelled()
    {
        using Listener elsewhere = new(Second);
        using SilentPort silent = await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Loopback, elsewhere.Port));
        using CancellationTokenSource caller = new();
        GuardedConnector connector = new(Policies.Allowing("127.0.0.1"));

        Task<Stream> connecting = connector.ConnectAsync(new DnsEndPoint("127.0.0.1", elsewhere.Port), null, caller.Token).AsTask();
        connecting.IsCompleted.ShouldBeFalse();
        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(connecting);
    }

    [Fact]
    public async Task Connect_closed_port_is_a_connect_failure_that_names_no_address()
    {
        int port;
        using (Listener listener = new())
            port = listener.Port;
        GuardedConnector connector = new(Policies.Allowing("127.0.0.1"), resolve: Answer(IPAddress.Loopback));

        HttpRequestException failure = await Should.ThrowAsync<HttpRequestException>(ConnectAsync(connector, "closed.test", port));

        failure.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
        ConnectFailures.Of(failure).ShouldBe(ConnectFailure.Connect);
        failure.Message.ShouldNotContain("127.0.0.1");
    }

    [Fact]
    public void BlockedAddressException_message_is_always_the_same() => new BlockedAddressException().Message.ShouldBe(UrlFault.Blocked.Message);

    private static Func<string, CancellationToken, Task<IPAddress[]>> Answer(params IPAddress[] addresses) => (_, _) => Task.FromResult(addresses);

    private static Task<Stream> ConnectAsync(GuardedConnector connector, string host, int port) =>
        connector.ConnectAsync(new DnsEndPoint(host, port), null, Token).AsTask();
}
