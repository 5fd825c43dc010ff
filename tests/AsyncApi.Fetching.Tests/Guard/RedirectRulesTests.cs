namespace AsyncApi.Fetching.Tests.Guard;

public sealed class RedirectRulesTests
{
    private static readonly AddressPolicy Policy = Policies.Allowing("127.0.0.1:18080");

    [Theory]
    [InlineData("/x", "http://127.0.0.1:18080/x")]
    [InlineData("x", "http://127.0.0.1:18080/a/x")]
    [InlineData("../x", "http://127.0.0.1:18080/x")]
    [InlineData("../../../x", "http://127.0.0.1:18080/x")]
    [InlineData("?y=1", "http://127.0.0.1:18080/a/b?y=1")]
    [InlineData("#f", "http://127.0.0.1:18080/a/b?q=1")]
    [InlineData("/etc/passwd", "http://127.0.0.1:18080/etc/passwd")]
    [InlineData("/a b", "http://127.0.0.1:18080/a%20b")]
    [InlineData("//example.test/x", "http://example.test/x")]
    [InlineData("https://example.test/x#f", "https://example.test/x")]
    [InlineData("/go?to=http://x", "http://127.0.0.1:18080/go?to=http://x")]
    [InlineData("./a:b", "http://127.0.0.1:18080/a/a:b")]
    public void TryFollow_good_location_is_resolved(string location, string expected)
    {
        Uri current = new("http://127.0.0.1:18080/a/b?q=1");

        RedirectRules.TryFollow(current, location, Policy, out Uri? next, out UrlFault fault).ShouldBeTrue(fault.Message);
        next.AbsoluteUri.ShouldBe(expected);
    }

    [Theory]
    [InlineData("http://127.0.0.1:18081/count/x")]
    [InlineData("http://[::1]:18081/")]
    [InlineData("http://0:18081/")]
    [InlineData("//127.0.0.1:18081/")]
    [InlineData("//10.0.0.1/")]
    [InlineData("http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460:18081/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:6379/_x")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:,x")]
    [InlineData("JavaScript:alert(1)")]
    public void TryFollow_forbidden_target_is_blocked(string location)
    {
        Uri current = new("http://127.0.0.1:18080/a/b");

        RedirectRules.TryFollow(current, location, Policy, out Uri? next, out UrlFault fault).ShouldBeFalse();
        next.ShouldBeNull();
        fault.ShouldBe(UrlFault.Blocked);
    }

    [Theory]
    [InlineData("http://example.test/")]
    [InlineData("HTTP://example.test/")]
    public void TryFollow_from_https_to_http_is_blocked(string location)
    {
        RedirectRules.TryFollow(new Uri("https://example.test/"), location, Policy, out Uri? next, out UrlFault fault).ShouldBeFalse();
        next.ShouldBeNull();
        fault.ShouldBe(UrlFault.Blocked);
    }

    [Fact]
    public void TryFollow_scheme_relative_location_keeps_https()
    {
        RedirectRules.TryFollow(new Uri("https://example.test/"), "//other.test/", Policy, out Uri? next, out _).ShouldBeTrue();
        next.AbsoluteUri.ShouldBe("https://other.test/");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("http:")]
    [InlineData("http://")]
    [InlineData("http:/x")]
    [InlineData("http:x")]
    [InlineData("//")]
    [InlineData("///x")]
    [InlineData("http://exa mple.test/")]
    [InlineData("/a\r\nX: 1")]
    [InlineData("/a\\b")]
    [InlineData("http://user@example.test/")]
    [InlineData("http://example.test:0/")]
    public void TryFollow_unreadable_location_is_a_protocol_fault(string? location)
    {
        RedirectRules.TryFollow(new Uri("http://127.0.0.1:18080/a"), location, Policy, out Uri? next, out UrlFault fault).ShouldBeFalse();
        next.ShouldBeNull();
        fault.Kind.ShouldBe(UrlFaultKind.Protocol);
    }

    [Fact]
    public void TryFollow_endless_location_is_a_protocol_fault()
    {
        RedirectRules.TryFollow(new Uri("http://127.0.0.1:18080/a"), new string('a', 70_000), Policy, out _, out UrlFault fault).ShouldBeFalse();
        fault.Kind.ShouldBe(UrlFaultKind.Protocol);
    }
}
