namespace AsyncApi.Fetching.Tests.Guard;

/// <summary>Spellings of URLs, and what each must come to under a policy without exceptions.</summary>
public sealed class UrlRulesTests
{
    public static TheoryData<string> Blocked => [.. new[]
    {
        // Loopback by every spelling of IPv4.
        "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
        "http://017700000001/", "http://0177.0.0.1/", "http://0177.1/", "http://127.000.000.001/",
        "http://0/", "http://0.0.0.0/", "http://0.1.2.3/", "http://4294967295/", "http://127.0.0.1./", "http://127.0.0.1:80/",
        // Names that can only be local.
        "http://localhost./", "http://localhost/", "http://LOCALHOST/", "http://x.localhost/", "http://localhost.localdomain/",
        "http://a.local/", "http://a.internal/", "http://a.home.arpa/", "http://home.arpa/", "http://intranet/", "http://intranet./",
        "http://metadata.google.internal/", "http://instance-data/",
        // Unicode that becomes an address or a local name.
        "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/", "http://127\u30020\u30020\u30021/", "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/",
        "http://\u24dbocalhost/",
        // IPv6: loopback, unspecified, mapped, compatible, translated, NAT64, 6to4, Teredo, scoped, special.
        "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
        "http://[::ffff:10.0.0.1]/", "http://[::127.0.0.1]/", "http://[::169.254.169.254]/", "http://[::ffff:0:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[64:ff9b:1::7f00:1]/", "http://[64:ff9b::808:808]/",
        "http://[2002:7f00:1::]/", "http://[2002:a9fe:a9fe::1]/", "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
        "http://[fe80::1]/", "http://[fe80::1%25lo]/", "http://[fe80::1%251]/", "http://[::1%251]/", "http://[fc00::1]/",
        "http://[fd00:ec2::254]/", "http://[fec0::1]/", "http://[ff02::1]/", "http://[100::1]/", "http://[5f00::1]/",
        "http://[2001:db8::1]/", "http://[3fff::1]/",
        // Private, shared, metadata, special.
        "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://100.64.0.1/", "http://100.127.255.254/",
        "http://169.254.169.254/latest/meta-data/", "http://169.254.170.2/", "http://168.63.129.16/", "http://100.100.100.200/", "http://192.0.0.192/",
        "http://198.18.0.1/", "http://192.0.2.1/", "http://203.0.113.9/", "http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/",
        "http://192.88.99.1/", "http://127.0.0.1#@evil.test/", "http://127.0.0.1?@evil.test/",
        // Ports of public hosts.
        "http://example.test:22/", "http://example.test:25/", "http://example.test:6379/", "http://example.test:5432/", "http://example.test:11211/",
        "http://example.test:9200/", "http://example.test:2375/", "http://93.184.216.34:22/", "http://[2606:4700::1]:22/",
    }.Select(text => new TheoryDataRow<string>(text))];

    public static TheoryData<string> Invalid => [.. new[]
    {
        "http://4294967296/", "http://256.256.256.256/", "http://1.2.3.4.5/", "http://08.0.0.1/", "http://example.0x7f/", "http://example.0x/",
        "http://\u0661\u0662\u0667.0.0.1/", "http://evil.test\u2025127.0.0.1/", "http://evil\u202e.test/", "http://evil\u200b.test/", "http://local\u00adhost/", "http://evil.test/\u202etxt",
        "http://user:pass@example.test/", "http://evil.test@127.0.0.1/", "http://127.0.0.1@evil.test/", "http://127.0.0.1%2f@evil.test/",
        "http://1.1.1.1 &@2.2.2.2# @3.3.3.3/", "http://@example.test/",
        "http://127.0.0.1\\@evil.test/", "http:\\\\127.0.0.1\\", "http:/127.0.0.1/", "http:127.0.0.1/", "http:///127.0.0.1/", "http://",
        "http://?a", "http://#a", "//127.0.0.1/", "/etc/passwd", "\\\\host\\share", "example.test", "",
        "file:///etc/passwd", "ftp://example.test/", "gopher://example.test/", "data:,x", "javascript:alert(1)", "jar:http://example.test!/",
        "ws://example.test/", "unix:/run/x", "http+unix://x/", "dict://example.test/", "ldap://example.test/", "tftp://example.test/",
        "http://127.0.0.1%00.evil.test/", "http://%31%32%37.0.0.1/", "http://loc%61lhost/",
        "http://evil. test/", "http://evil\t.test/", "http://evil\r\n.test/", " http://example.test/", "http://example.test/ ", "\thttp://example.test/",
        "\u3000http://example.test/", "http://example.test/\r\nX: 1", "http://example.test/\0", "http://example.test/\u007f", "http://example.test/\u0085a",
        "http://example.test:0/", "http://example.test:-1/", "http://example.test:65536/", "http://example.test:80:80/", "http://example.test:a/",
        "http://[127.0.0.1]/", "http://[example.com]/", "http://[::1/", "http://::1/",
        "http://-a.test/", "http://a-.test/", "http://xn--/", "http://xn--.test/", "http://a..test/", "http://.test/", "http://a.test../", "http://./",
        "http://*.test/", $"http://{new string('a', 64)}.test/", $"http://{string.Concat(Enumerable.Repeat("abcdefghi.", 33))}test/",
        "http://\ud800.test/", $"http://example.test/{new string('a', 70000)}",
    }.Select(text => new TheoryDataRow<string>(text))];

    [Theory]
    [MemberData(nameof(Blocked))]
    public void TryParse_forbidden_target_is_blocked_and_says_no_more(string text)
    {
        UrlRules.TryParse(text, new AddressPolicy(), out Uri? uri, out UrlFault fault).ShouldBeFalse();
        uri.ShouldBeNull();
        fault.ShouldBe(UrlFault.Blocked);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void TryParse_text_that_is_no_sendable_url_is_invalid(string text)
    {
        UrlRules.TryParse(text, new AddressPolicy(), out Uri? uri, out UrlFault fault).ShouldBeFalse();
        uri.ShouldBeNull();
        fault.Kind.ShouldBe(UrlFaultKind.InvalidUrl);
        fault.Message.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("http://example.test", "http://example.test/")]
    [InlineData("HTTP://Example.Test/A", "http://example.test/A")]
    [InlineData("hTTps://example.test/", "https://example.test/")]
    [InlineData("http://example.test./", "http://example.test./")]
    [InlineData("http://example.test:/", "http://example.test/")]
    [InlineData("http://example.test:080/", "http://example.test/")]
    [InlineData("http://example.test:8443/", "http://example.test:8443/")]
    [InlineData("http://example.test/a b", "http://example.test/a%20b")]
    [InlineData("http://example.test/%0D%0AX:%201", "http://example.test/%0D%0AX:%201")]
    [InlineData("http://example.test/?q=user@example.test", "http://example.test/?q=user@example.test")]
    [InlineData("http://example.test/a#b", "http://example.test/a")]
    [InlineData("http://evil.test#@127.0.0.1/", "http://evil.test/")]
    [InlineData("http://a_b.example.test/", "http://a_b.example.test/")]
    [InlineData("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/")]
    [InlineData("http://127.0.0.1.nip.io/", "http://127.0.0.1.nip.io/")]
    [InlineData("http://93.184.216.34/", "http://93.184.216.34/")]
    [InlineData("http://172.15.255.255/", "http://172.15.255.255/")]
    [InlineData("http://172.32.0.1/", "http://172.32.0.1/")]
    [InlineData("http://11.0.0.1/", "http://11.0.0.1/")]
    [InlineData("http://192.169.0.1/", "http://192.169.0.1/")]
    [InlineData("http://100.63.255.255/", "http://100.63.255.255/")]
    [InlineData("http://100.128.0.1/", "http://100.128.0.1/")]
    [InlineData("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/")]
    [InlineData("http://localhost.example.test/", "http://localhost.example.test/")]
    [InlineData("http://notlocalhost.test/", "http://notlocalhost.test/")]
    public void TryParse_public_url_is_taken(string text, string expected)
    {
        UrlRules.TryParse(text, new AddressPolicy(), out Uri? uri, out UrlFault fault).ShouldBeTrue(fault.Message);
        uri.AbsoluteUri.ShouldBe(expected);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/", true)]
    [InlineData("http://0x7f.1:5000/", true)]
    [InlineData("http://127.0.0.1.:5000/", true)]
    [InlineData("http://localhost:5000/", true)]
    [InlineData("http://intranet:5000/", true)]
    [InlineData("http://app.internal:5000/", true)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://0.0.0.0/", false)]
    [InlineData("http://[::1]/", false)]
    [InlineData("http://127.0.0.1\u0000/", false)]
    [InlineData("http://2130706433.0x1/", false)]
    public void TryParse_with_loopback_allowed_opens_it_and_leaves_names_to_the_lookup(string text, bool expected) =>
        UrlRules.TryParse(text, Policies.Allowing("127.0.0.0/8"), out _, out _).ShouldBe(expected);

    [Fact]
    public void TryParse_name_at_port_that_no_rule_opens_is_blocked_before_the_lookup()
    {
        UrlRules.TryParse("http://example.test:22/", Policies.Allowing("127.0.0.1:5000"), out _, out UrlFault fault).ShouldBeFalse();
        fault.ShouldBe(UrlFault.Blocked);
    }

    [Fact]
    public void TryParse_longest_url_is_taken_and_one_more_character_is_not()
    {
        string longest = "http://example.test/".PadRight(UrlRules.MaxLength, 'a');

        UrlRules.TryParse(longest, new AddressPolicy(), out _, out _).ShouldBeTrue();
        UrlRules.TryParse(longest + "a", new AddressPolicy(), out _, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://Example.Test./", "http://example.test:80")]
    [InlineData("https://b\u00fccher.example/", "https://xn--bcher-kva.example:443")]
    [InlineData("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080")]
    public void HostKey_of_accepted_url_is_its_wire_name(string text, string expected)
    {
        UrlRules.TryParse(text, new AddressPolicy(), out Uri? uri, out _).ShouldBeTrue();
        HostKey.Of(uri).ToString().ShouldBe(expected);
    }
}
