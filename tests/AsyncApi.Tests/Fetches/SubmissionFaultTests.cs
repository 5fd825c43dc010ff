using System.Text;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Fetches;

public sealed class SubmissionFaultTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private const string UriList = "text/uri-list";
    private const string Ndjson = "application/x-ndjson";

    private readonly ServiceUnderTest _service = both.Service;
    private readonly string _url = both.Target.Url("ok/1");

    public static TheoryData<string, string> BadRequests => new()
    {
        { """{}""", "url: is required" },
        { """{"url":null}""", "url: must not be null" },
        { """{"url":7}""", "url: must be a string, was a number" },
        { """{"url":"ftp://example.com/"}""", "url: The URL must begin with http:// or https://" },
        { """{"url":"http://a:b@example.com/"}""", "url: The URL holds user information" },
        { """{"url":"http://example.com:0/"}""", "url: The URL's port" },
        { """{"url":"http://10.0.0.1/"}""", "url: " },
        { """{"url":"URL","method":"TRACE"}""", "method: The method must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" },
        { """{"url":"URL","method":"get"}""", "method: The method must be one of" },
        { """{"url":"URL","headers":{"Host":"x"}}""", "headers.Host: " },
        { """{"url":"URL","headers":{"Content-Length":"1"}}""", "headers.Content-Length: " },
        { """{"url":"URL","headers":{"traceparent":"x"}}""", "headers.traceparent: " },
        { """{"url":"URL","headers":{"X-Forwarded-For":"x"}}""", "headers.X-Forwarded-For: " },
        { """{"url":"URL","headers":{"Metadata-Flavor":"x"}}""", "headers.Metadata-Flavor: " },
        { """{"url":"URL","headers":{"X-A":"a\r\nX-B: b"}}""", "headers.X-A: The header's value holds a control character" },
        { """{"url":"URL","headers":{"X A":"x"}}""", "The header's name may hold only" },
        { """{"url":"URL","headers":{"X-A":["x"]}}""", "headers.X-A: must be a string" },
        { """{"url":"URL","body":7}""", "body: must be a string" },
        { """{"url":"URL","body":"a\u0000b"}""", "body: must not hold NUL" },
        { """{"url":"URL","bodyBase64":"%"}""", "bodyBase64: must be base64" },
        { """{"url":"URL","body":"a","bodyBase64":"YQ=="}""", "bodyBase64: must not stand beside body" },
        { """{"url":"URL","Url":"x"}""", "Url: unknown member; known are url, method, headers, body, bodyBase64, tag" },
        { """7""", "must be an object, was a number" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Bad_request_is_named_by_its_place(string request, string expected)
    {
        request = request.Replace("URL", _url, StringComparison.Ordinal);

        using HttpResponseMessage json = await _service.PostAsync("/fetches", $$"""{"urls":["{{_url}}"],"requests":["{{_url}}",{{request}}]}""");
        using HttpResponseMessage lines = await _service.PostAsync("/fetches", $"\"{_url}\"\n\n{request}\n", Ndjson);

        string named = (await json.ShouldBeFaultsAsync()).ShouldHaveSingleItem();
        named.ShouldStartWith("requests[1]");
        named.ShouldContain(expected);
        string lined = (await lines.ShouldBeFaultsAsync()).ShouldHaveSingleItem();
        lined.ShouldStartWith("line 3: ");
        lined.ShouldContain(expected[(expected.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..]);
    }

    [Fact]
    public async Task Member_that_asks_for_nothing_is_taken()
    {
        await _service.SubmitAsync(ServiceCalls.Batch([_url], more: ""","callback":null,"delaySeconds":0,"runAt":null"""));
        await _service.SubmitAsync(ServiceCalls.Batch([_url], more: ""","callback":{"url":null}"""));
    }

    [Fact]
    public async Task All_faults_of_a_body_are_named_in_one_answer()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", """
            {"urls":["ftp://a/",7],"requests":[{"method":"X"},{"url":"http://","tag":1}],
             "options":{"concurrency":0,"retry":{"maxRetries":99},"headers":{"Host":"x"}},"priority":"urgent","lable":"x"}
            """);

        string[] faults = await answer.ShouldBeFaultsAsync();
        faults.Select(fault => fault[..fault.IndexOf(':', StringComparison.Ordinal)]).Order(StringComparer.Ordinal).ShouldBe(
        [
            "lable", "options.concurrency", "options.headers.Host", "options.retry.maxRetries", "priority",
            "requests[0].method", "requests[0].url", "requests[1].tag", "requests[1].url", "urls[0]", "urls[1]",
        ]);
    }

    [Fact]
    public async Task Of_many_faults_the_first_hundred_are_named()
    {
        using HttpResponseMessage json = await _service.PostAsync("/fetches", ServiceCalls.Batch(Enumerable.Range(0, 150).Select(_ => "x")));
        using HttpResponseMessage lines = await _service.PostAsync("/fetches", ServiceCalls.Lines(150, _ => "x").ToString(), UriList);

        (await json.ShouldBeFaultsAsync()).Select(fault => fault.Split(':')[0]).ShouldBe(Enumerable.Range(0, 100).Select(i => $"urls[{i}]"));
        (await lines.ShouldBeFaultsAsync()).Select(fault => fault.Split(':')[0]).ShouldBe(Enumerable.Range(1, 100).Select(i => $"line {i}"));
    }

    [Theory]
    [InlineData("""{"urls":[]}""")]
    [InlineData("""{"requests":[]}""")]
    [InlineData("""{}""")]
    [InlineData("""{"urls":null}""")]
    public async Task Submission_without_requests_is_refused(string body)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", body);

        (await answer.ShouldBeFaultsAsync()).ShouldBe(["requests: urls and requests together must hold at least one, unless urlsFrom names a file of them"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\r\n\r\n")]
    public async Task List_without_requests_is_refused(string body)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", body, UriList);

        (await answer.ShouldBeFaultsAsync()).ShouldBe(["body: must hold at least one request"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"urls":["a"],"urls":["b"]}""")]
    [InlineData("""{"label":"\ud800"}""")]
    public async Task Unreadable_json_is_malformed(string body)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", body);

        await answer.ShouldBeProblemAsync(ProblemTypes.MalformedBody);
    }

    [Theory]
    [InlineData("?concurency=5", "concurency: unknown parameter")]
    [InlineData("?concurrency=5&concurrency=6", "concurrency: must stand once")]
    [InlineData("?onDisconnect=maybe", "onDisconnect: must be one of")]
    [InlineData("?storeBodies=yes", "storeBodies: must be true or false")]
    [InlineData("?retry.statuses=503,x", "retry.statuses: must be whole numbers")]
    [InlineData("?options.concurrency=5", "[\"options.concurrency\"]: unknown parameter")]
    [InlineData("?urls=x", "urls: unknown parameter")]
    public async Task Bad_query_parameter_is_named(string query, string expected)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches" + query, _url, UriList);

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith(expected);
    }

    [Fact]
    public async Task Options_in_the_query_of_a_json_submission_are_refused()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches?concurrency=5", ServiceCalls.Batch([_url]));

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("concurrency: unknown parameter");
    }

    [Fact]
    public async Task Line_that_is_not_utf8_is_named()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/fetches", new ByteArrayContent([.. Encoding.UTF8.GetBytes(_url + "\n"), 0xC3, 0x28]), UriList);

        (await answer.ShouldBeFaultsAsync()).ShouldBe(["line 2: must be UTF-8"]);
    }
}
