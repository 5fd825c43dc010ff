using System.Net;

namespace AsyncApi.Fetching.Tests.Guard;

/// <summary>Every range at its first and last address, and the neighbours on both sides.</summary>
public sealed class AddressPolicyTests
{
    [Theory]
    [InlineData("0.0.0.0", "0.255.255.255")]
    [InlineData("10.0.0.0", "10.255.255.255")]
    [InlineData("100.64.0.0", "100.127.255.255")]
    [InlineData("127.0.0.0", "127.255.255.255")]
    [InlineData("169.254.0.0", "169.254.255.255")]
    [InlineData("169.254.169.254", "169.254.170.2")]
    [InlineData("100.100.100.200", "100.100.100.200")]
    [InlineData("168.63.129.16", "168.63.129.16")]
    [InlineData("172.16.0.0", "172.31.255.255")]
    [InlineData("192.0.0.0", "192.0.0.255")]
    [InlineData("192.0.2.0", "192.0.2.255")]
    [InlineData("192.31.196.0", "192.31.196.255")]
    [InlineData("192.52.193.0", "192.52.193.255")]
    [InlineData("192.88.99.0", "192.88.99.255")]
    [InlineData("192.168.0.0", "192.168.255.255")]
    [InlineData("192.175.48.0", "192.175.48.255")]
    [InlineData("198.18.0.0", "198.19.255.255")]
    [InlineData("198.51.100.0", "198.51.100.255")]
    [InlineData("203.0.113.0", "203.0.113.255")]
    [InlineData("224.0.0.0", "239.255.255.255")]
    [InlineData("240.0.0.0", "255.255.255.255")]
    [InlineData("::", "::1")]
    [InlineData("::127.0.0.1", "::169.254.169.254")]
    [InlineData("::ffff:0.0.0.0", "::ffff:255.255.255.255")]
    [InlineData("::ffff:8.8.8.8", "::ffff:10.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8")]
    [InlineData("64:ff9b::7f00:1", "64:ff9b::808:808")]
    [InlineData("64:ff9b:1::7f00:1", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("100::1", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:20::1")]
    [InlineData("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2002:7f00:1::", "2002:a9fe:a9fe::1")]
    [InlineData("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("4000::", "5f00::1")]
    [InlineData("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("fd00:ec2::254", "fd00:ec2::254")]
    [InlineData("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("fe80::1%1", "2606:4700::1111%1")]
    [InlineData("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void Allows_special_address_refuses_both_edges(string first, string last)
    {
        AddressPolicy policy = new();

        policy.Allows(IPAddress.Parse(first), 443).ShouldBeFalse(first);
        policy.Allows(IPAddress.Parse(last), 443).ShouldBeFalse(last);
    }

    [Theory]
    [InlineData("1.0.0.0", "9.255.255.255")]
    [InlineData("11.0.0.0", "100.63.255.255")]
    [InlineData("100.128.0.0", "126.255.255.255")]
    [InlineData("128.0.0.0", "168.63.129.15")]
    [InlineData("168.63.129.17", "169.253.255.255")]
    [InlineData("169.255.0.0", "172.15.255.255")]
    [InlineData("172.32.0.0", "191.255.255.255")]
    [InlineData("192.0.1.0", "192.0.1.255")]
    [InlineData("192.0.3.0", "192.31.195.255")]
    [InlineData("192.31.197.0", "192.52.192.255")]
    [InlineData("192.52.194.0", "192.88.98.255")]
    [InlineData("192.88.100.0", "192.167.255.255")]
    [InlineData("192.169.0.0", "192.175.47.255")]
    [InlineData("192.175.49.0", "198.17.255.255")]
    [InlineData("198.20.0.0", "198.51.99.255")]
    [InlineData("198.51.101.0", "203.0.112.255")]
    [InlineData("203.0.114.0", "223.255.255.255")]
    [InlineData("2000::", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:200::", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:db9::", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2003::", "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2620:4f:8001::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("3fff:1000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void Allows_public_address_takes_both_edges(string first, string last)
    {
        AddressPolicy policy = new();

        policy.Allows(IPAddress.Parse(first), 443).ShouldBeTrue(first);
        policy.Allows(IPAddress.Parse(last), 443).ShouldBeTrue(last);
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(443, true)]
    [InlineData(8000, true)]
    [InlineData(8999, true)]
    [InlineData(79, false)]
    [InlineData(81, false)]
    [InlineData(442, false)]
    [InlineData(444, false)]
    [InlineData(7999, false)]
    [InlineData(9000, false)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(65536, false)]
    [InlineData(22, false)]
    [InlineData(25, false)]
    [InlineData(2375, false)]
    [InlineData(5432, false)]
    [InlineData(6379, false)]
    [InlineData(9200, false)]
    [InlineData(11211, false)]
    public void Allows_public_address_only_at_open_ports(int port, bool expected) =>
        new AddressPolicy().Allows(IPAddress.Parse("93.184.216.34"), port).ShouldBe(expected);

    [Fact]
    public void Allows_configured_ports_replace_the_defaults()
    {
        AddressPolicy policy = new(allowedPorts: [new PortRange(5000, 5001)]);

        policy.Allows(IPAddress.Parse("93.184.216.34"), 5001).ShouldBeTrue();
        policy.Allows(IPAddress.Parse("93.184.216.34"), 443).ShouldBeFalse();
    }

    [Theory]
    [InlineData("127.0.0.0/8", "127.0.0.1", 22, true)]
    [InlineData("127.0.0.0/8", "127.255.255.255", 65535, true)]
    [InlineData("127.0.0.0/8", "0.0.0.0", 80, false)]
    [InlineData("127.0.0.0/8", "0.0.0.1", 80, false)]
    [InlineData("127.0.0.0/8", "128.0.0.0", 22, false)]
    [InlineData("127.0.0.0/8", "::1", 80, false)]
    [InlineData("127.0.0.0/8", "::ffff:127.0.0.1", 80, false)]
    [InlineData("127.0.0.0/8", "10.0.0.1", 80, false)]
    [InlineData("127.0.0.0/8", "169.254.169.254", 80, false)]
    [InlineData("127.0.0.1:18080", "127.0.0.1", 18080, true)]
    [InlineData("127.0.0.1:18080", "127.0.0.1", 18081, false)]
    [InlineData("127.0.0.1:18080", "127.0.0.1", 80, false)]
    [InlineData("127.0.0.1:18080", "127.0.0.2", 18080, false)]
    [InlineData("10.0.0.0/8:8080", "10.9.9.9", 8080, true)]
    [InlineData("10.0.0.0/8:8080", "10.9.9.9", 8081, false)]
    [InlineData("10.0.0.0/8:8080", "11.0.0.0", 8080, true)]
    [InlineData("0.0.0.0/0", "10.0.0.1", 22, true)]
    [InlineData("0.0.0.0/0", "fd00::1", 22, false)]
    [InlineData("::/0", "::ffff:10.0.0.1", 80, false)]
    [InlineData("::/0", "10.0.0.1", 80, false)]
    [InlineData("::1", "::1", 9, true)]
    [InlineData("::1", "::", 80, false)]
    [InlineData("[::1]:8080", "::1", 8080, true)]
    [InlineData("[::1]:8080", "::1", 8081, false)]
    [InlineData("fd00::/8", "fdff::1", 22, true)]
    [InlineData("fd00::/8", "fc00::1", 80, false)]
    [InlineData("fe80::/10", "fe80::1%3", 80, true)]
    [InlineData("93.184.216.34:22", "93.184.216.34", 22, true)]
    [InlineData("93.184.216.34:22", "93.184.216.35", 22, false)]
    public void Allows_with_exception_opens_what_it_names_alone(string network, string address, int port, bool expected) =>
        Policies.Allowing(network).Allows(IPAddress.Parse(address), port).ShouldBe(expected);

    [Fact]
    public void Allows_any_address_allocates_nothing()
    {
        AddressPolicy policy = Policies.Allowing("10.0.0.0/8", "fd00::/8");
        IPAddress[] addresses = [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("2606:4700::1111"), IPAddress.Parse("127.0.0.1")];
        int allowed = addresses.Count(address => policy.Allows(address, 443));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            allowed += policy.Allows(addresses[i % 3], 443) ? 1 : 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allowed.ShouldBeGreaterThan(600);
        allocated.ShouldBe(0);
    }

    [Theory]
    [InlineData("127.0.0.1", 22)]
    [InlineData("10.1.2.3", 5432)]
    [InlineData("169.254.169.254", 80)]
    [InlineData("8.8.8.8", 53)]
    [InlineData("::1", 65535)]
    public void Unrestricted_policy_lets_everything_pass(string address, int port)
        => AddressPolicy.Unrestricted().Allows(IPAddress.Parse(address), port).ShouldBeTrue();
}
