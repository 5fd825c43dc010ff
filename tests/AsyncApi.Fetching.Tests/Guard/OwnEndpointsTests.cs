using System.Net;

namespace AsyncApi.Fetching.Tests.Guard;

public sealed class OwnEndpointsTests
{
    [Theory]
    [InlineData("93.184.216.34:8080", "93.184.216.34", 8080, false)]
    [InlineData("93.184.216.34:8080", "93.184.216.34", 8081, true)]
    [InlineData("93.184.216.34:8080", "93.184.216.35", 8080, true)]
    [InlineData("[::ffff:93.184.216.34]:8080", "93.184.216.34", 8080, false)]
    [InlineData("[2606:4700::1]:443", "2606:4700::1", 443, false)]
    public void RefuseOwn_public_endpoint_closes_that_endpoint_alone(string own, string address, int port, bool expected)
    {
        AddressPolicy policy = new();
        policy.RefuseOwn([IPEndPoint.Parse(own)]);

        policy.Allows(IPAddress.Parse(address), port).ShouldBe(expected);
    }

    [Theory]
    [InlineData("127.0.0.0/8", "127.0.0.1:5000", "127.0.0.1", 5000, false)]
    [InlineData("127.0.0.0/8", "127.0.0.1:5000", "127.0.0.1", 5001, true)]
    [InlineData("127.0.0.0/8", "127.0.0.1:5000", "127.0.0.2", 5000, true)]
    [InlineData("127.0.0.0/8", "0.0.0.0:5000", "127.0.0.2", 5000, false)]
    [InlineData("127.0.0.0/8", "[::]:5000", "127.0.0.1", 5000, false)]
    [InlineData("::1", "[::]:5000", "::1", 5000, false)]
    [InlineData("0.0.0.0/0", "127.0.0.1:5000", "0.0.0.0", 5000, false)]
    [InlineData("127.0.0.0/8:5000", "127.0.0.1:5000", "127.0.0.1", 5000, false)]
    [InlineData("127.0.0.1", "127.0.0.1:5000", "127.0.0.1", 5000, false)]
    [InlineData("127.0.0.1:5000", "127.0.0.1:5000", "127.0.0.1", 5000, true)]
    public void RefuseOwn_inside_an_exception_needs_one_for_exactly_it(string network, string own, string address, int port, bool expected)
    {
        AddressPolicy policy = Policies.Allowing(network);
        policy.RefuseOwn([IPEndPoint.Parse(own)]);

        policy.Allows(IPAddress.Parse(address), port).ShouldBe(expected);
    }

    [Fact]
    public void RefuseOwn_second_call_replaces_the_first()
    {
        AddressPolicy policy = Policies.Allowing("127.0.0.0/8");
        policy.RefuseOwn([IPEndPoint.Parse("127.0.0.1:5000")]);
        policy.RefuseOwn([IPEndPoint.Parse("127.0.0.1:6000")]);

        policy.Allows(IPAddress.Loopback, 5000).ShouldBeTrue();
        policy.Allows(IPAddress.Loopback, 6000).ShouldBeFalse();
    }
}
