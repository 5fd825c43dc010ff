namespace AsyncApi.Fetching.Tests.Guard;

public sealed class AllowedNetworkTests
{
    [Theory]
    [InlineData("10.1.2.3", null)]
    [InlineData("10.1.2.3:8080", 8080)]
    [InlineData("10.0.0.0/8", null)]
    [InlineData("10.0.0.0/8:8080", 8080)]
    [InlineData("0.0.0.0/0", null)]
    [InlineData("::1", null)]
    [InlineData("::", null)]
    [InlineData("[::1]", null)]
    [InlineData("[::1]:8080", 8080)]
    [InlineData("fd00::/8", null)]
    [InlineData("FD00::/8:1", 1)]
    [InlineData("[fd00::/8]:65535", 65535)]
    [InlineData("[fd00::]/8:443", 443)]
    public void TryParse_good_entry_reads_it(string text, int? port)
    {
        AllowedNetwork.TryParse(text, out AllowedNetwork? network, out string? error).ShouldBeTrue(error);
        network.Port.ShouldBe(port);
        network.ToString().ShouldBe(text);
        AllowedNetwork.Parse(text).Port.ShouldBe(port);
    }

    [Theory]
    [InlineData(null, "is not a network")]
    [InlineData("", "is not a network")]
    [InlineData("localhost", "is not a network")]
    [InlineData("10.0.0", "is not a network")]
    [InlineData("127.1", "is not a network")]
    [InlineData("0177.0.0.1", "is not a network")]
    [InlineData("2130706433", "is not a network")]
    [InlineData(" 10.0.0.1", "is not a network")]
    [InlineData("10.0.0.1\n", "is not a network")]
    [InlineData("10.0.0.1:", "is not a network")]
    [InlineData("10.0.0.1:http", "is not a network")]
    [InlineData("[10.0.0.1]:80", "is not a network")]
    [InlineData("[::1", "is not a network")]
    [InlineData("[fd00::/8]/8", "is not a network")]
    [InlineData("fe80::1%1", "is not a network")]
    [InlineData("10.0.0.1:0", "1 to 65535")]
    [InlineData("10.0.0.1:65536", "1 to 65535")]
    [InlineData("[::1]:99999", "1 to 65535")]
    [InlineData("10.0.0.0/33", "0 to 32")]
    [InlineData("fd00::/129", "0 to 128")]
    [InlineData("10.1.2.3/8", "write 10.0.0.0/8")]
    [InlineData("fd00::1/64", "write fd00::/64")]
    [InlineData("::ffff:10.0.0.1", "write 10.0.0.1")]
    public void TryParse_bad_entry_names_it_and_what_is_right(string? text, string expected)
    {
        AllowedNetwork.TryParse(text, out AllowedNetwork? network, out string? error).ShouldBeFalse();
        network.ShouldBeNull();
        error.ShouldStartWith($"'{text}'");
        error.ShouldContain(expected);
        Should.Throw<FormatException>(() => AllowedNetwork.Parse(text!)).Message.ShouldBe(error);
    }

    [Theory]
    [InlineData("443", 443, 443)]
    [InlineData("8000-8999", 8000, 8999)]
    [InlineData("1-65535", 1, 65535)]
    public void PortRange_good_entry_reads_it(string text, int first, int last)
    {
        PortRange.TryParse(text, out PortRange range, out string? error).ShouldBeTrue(error);
        range.ShouldBe(new PortRange(first, last));
        range.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("80-")]
    [InlineData("8999-8000")]
    [InlineData("80-90-100")]
    [InlineData(" 80")]
    [InlineData("http")]
    public void PortRange_bad_entry_names_it(string? text)
    {
        PortRange.TryParse(text, out _, out string? error).ShouldBeFalse();
        error.ShouldStartWith($"'{text}'");
    }
}
