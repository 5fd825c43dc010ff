namespace AsyncApi.Fetching.Tests.Guard;

public sealed class HeaderRulesTests
{
    [Theory]
    [InlineData("X-A", "1")]
    [InlineData("Accept-Language", "en, de;q=0.5")]
    [InlineData("Authorization", "Bearer x")]
    [InlineData("Cookie", "a=b")]
    [InlineData("Content-Type", "text/plain; charset=utf-8")]
    [InlineData("Idempotency-Key", "k")]
    [InlineData("X-Empty", "")]
    [InlineData("X-Unicode", "\u00fc \ud83d\ude00")]
    [InlineData("!#$%&'*+-.^_`|~09azAZ", "x")]
    public void FaultOf_ordinary_header_is_null(string name, string value) => HeaderRules.FaultOf(name, value).ShouldBeNull();

    [Theory]
    [InlineData("a\r\nX-Injected: 1")]
    [InlineData("a\r")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\tb")]
    [InlineData("a\u001fb")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    [InlineData(null)]
    public void FaultOf_value_that_could_break_a_line_is_refused(string? value) => HeaderRules.FaultOf("X-A", value).ShouldNotBeNull();

    // Not theory data: attributes and the test protocol hold strings as UTF-8.
    [Fact]
    public void FaultOf_value_with_half_a_surrogate_pair_is_refused()
    {
        HeaderRules.FaultOf("X-A", "\ud83d").ShouldNotBeNull();
        HeaderRules.FaultOf("X-A", "a\ude00b").ShouldNotBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("X A")]
    [InlineData("X-A:")]
    [InlineData(":authority")]
    [InlineData("X\r\nY")]
    [InlineData("X\0")]
    [InlineData("\u00fc")]
    [InlineData("(x)")]
    [InlineData("x/y")]
    public void FaultOf_name_outside_the_token_set_is_refused(string? name) => HeaderRules.FaultOf(name, "x").ShouldNotBeNull();

    [Theory]
    [InlineData("Host")]
    [InlineData("Content-Length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Upgrade")]
    [InlineData("HTTP2-Settings")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Expect")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Proxy-Connection")]
    [InlineData("Sec-Fetch-Site")]
    [InlineData("Sec-WebSocket-Key")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("traceparent")]
    [InlineData("tracestate")]
    [InlineData("baggage")]
    [InlineData("Metadata")]
    [InlineData("Metadata-Flavor")]
    [InlineData("X-aws-ec2-metadata-token")]
    [InlineData("X-aws-ec2-metadata-token-ttl-seconds")]
    [InlineData("X-Google-Metadata-Request")]
    [InlineData("X-aliyun-ecs-metadata-token")]
    public void FaultOf_reserved_name_is_refused_in_any_case(string name)
    {
        HeaderRules.FaultOf(name, "x").ShouldNotBeNull();
        HeaderRules.FaultOf(name.ToUpperInvariant(), "x").ShouldNotBeNull();
        HeaderRules.FaultOf(name.ToLowerInvariant(), "x").ShouldNotBeNull();
    }

    [Fact]
    public void FaultOf_longest_name_is_taken_and_one_more_character_is_not()
    {
        HeaderRules.FaultOf(new string('a', HeaderRules.MaxNameLength), "x").ShouldBeNull();
        HeaderRules.FaultOf(new string('a', HeaderRules.MaxNameLength + 1), "x").ShouldNotBeNull();
    }

    [Fact]
    public void FaultsOf_many_faults_names_each_header_and_never_its_value()
    {
        IReadOnlyList<HeaderFault> faults = HeaderRules.FaultsOf([new("X-Good", "x"), new("Host", "secret"), new("X-Bad", "secret\n")]);

        faults.Select(fault => fault.Name).ShouldBe(["Host", "X-Bad"]);
        faults.ShouldAllBe(fault => !fault.Message.Contains("secret"));
    }

    [Theory]
    [InlineData(HeaderRules.MaxCount, 0)]
    [InlineData(HeaderRules.MaxCount + 1, 1)]
    public void FaultsOf_number_of_headers_is_limited(int count, int expected) =>
        HeaderRules.FaultsOf(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"X-{i}", "v"))).Count.ShouldBe(expected);

    [Theory]
    [InlineData(HeaderRules.MaxBytes - 3, 0)]
    [InlineData(HeaderRules.MaxBytes - 2, 1)]
    public void FaultsOf_size_is_limited_in_bytes(int bytes, int expected)
    {
        string value = "\u00fc" + new string('a', bytes - 2);

        HeaderRules.FaultsOf([new("X-A", value)]).Count.ShouldBe(expected);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("POST", true)]
    [InlineData("PUT", true)]
    [InlineData("PATCH", true)]
    [InlineData("DELETE", true)]
    [InlineData("OPTIONS", true)]
    [InlineData("get", false)]
    [InlineData("Post", false)]
    [InlineData("GET /x", false)]
    [InlineData("TRACE", false)]
    [InlineData("CONNECT", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsAllowed_method_is_one_of_the_list_in_upper_case(string? method, bool expected) => MethodRules.IsAllowed(method).ShouldBe(expected);
}
