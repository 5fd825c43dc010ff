using System.Net;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Fetches;

/// <summary>Every option at both edges of its range and one step beyond, in both places where it can stand.</summary>
public sealed class SubmissionOptionTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly string _url = both.Target.Url("ok/1");

    public static TheoryData<string, string, string, string, string> Ranges => new()
    {
        { "concurrency", "1", "5000", "0", "5001" },
        { "perHost.concurrency", "1", "1000", "0", "1001" },
        { "timeoutSeconds", "0.1", "600", "0.09", "600.1" },
        { "retry.maxRetries", "0", "20", "-1", "21" },
        { "retry.baseDelaySeconds", "0", "60", "-0.1", "86401" },
        { "retry.maxDelaySeconds", "0.2", "86400", "-0.1", "86401" },
        { "maxBodyBytes", "0", "67108864", "-1", "67108865" },
        { "maxRedirects", "0", "20", "-1", "21" },
        { "perHost.requestsPerSecond", "0", "10000", "-1", "10001" },
        { "requestTimeoutSeconds", "0", "86400", "-1", "86401" },
        { "deadlineSeconds", "0", "604800", "-1", "604801" },
    };

    public static TheoryData<string, string> WrongTypes => new()
    {
        { "concurrency", "\"7\"" },
        { "concurrency", "1.5" },
        { "perHost", "3" },
        { "retry", "[]" },
        { "retry.statuses", "503" },
        { "retry.statuses", "[99]" },
        { "retry.statuses", "[600]" },
        { "retry.statuses", "[\"503\"]" },
        { "timeoutSeconds", "\"soon\"" },
        { "storeBodies", "\"true\"" },
        { "onInvalid", "\"ignore\"" },
        { "onInvalid", "0" },
        { "stopWhen", "\"later\"" },
        { "sendIdempotencyKey", "1" },
        { "headers", "[]" },
        { "headers", "{\"X-A\":1}" },
        { "secretHeaders", "\"X-A\"" },
        { "secretHeaders", "[\"\"]" },
        { "unknown", "1" },
        { "retry.unknown", "1" },
        { "perHost.unknown", "1" },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public async Task Option_is_taken_at_its_edges_and_refused_beyond(string name, string min, string max, string under, string over)
    {
        foreach (string good in (string[])[min, max])
        {
            using HttpResponseMessage json = await PostJsonAsync(ServiceCalls.Nested(name, good));
            json.StatusCode.ShouldBe(HttpStatusCode.Accepted, good);
            using HttpResponseMessage lines = await PostLinesAsync(name, good);
            lines.StatusCode.ShouldBe(HttpStatusCode.Accepted, good);
        }

        foreach (string bad in (string[])[under, over])
        {
            using HttpResponseMessage json = await PostJsonAsync(ServiceCalls.Nested(name, bad));
            (await json.ShouldBeFaultsAsync()).ShouldContain(fault => fault.StartsWith($"options.{name}: must be"), bad);
            using HttpResponseMessage lines = await PostLinesAsync(name, bad);
            (await lines.ShouldBeFaultsAsync()).ShouldContain(fault => fault.StartsWith($"{name}: must be"), bad);
        }
    }

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public async Task Wrong_type_or_name_is_named_with_its_path(string name, string value)
    {
        using HttpResponseMessage answer = await PostJsonAsync(ServiceCalls.Nested(name, value));

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith($"options.{name}");
    }

    [Fact]
    public async Task Effective_options_show_what_the_service_gives_at_most()
    {
        using HttpResponseMessage answer = await PostJsonAsync("""{"concurrency":5000,"perHost":{"concurrency":1000}}""");

        System.Text.Json.JsonElement options = (await answer.JsonAsync()).GetProperty("options");
        options.Number("concurrency").ShouldBe(2000);
        options.At("perHost.concurrency").GetInt32().ShouldBe(100);
    }

    [Fact]
    public async Task Longest_wait_under_the_first_wait_is_refused()
    {
        using HttpResponseMessage answer = await PostJsonAsync("""{"retry":{"baseDelaySeconds":5,"maxDelaySeconds":4}}""");

        (await answer.ShouldBeFaultsAsync()).ShouldBe(["options.retry.maxDelaySeconds: must not be under baseDelaySeconds; they are 4 and 5"]);
    }

    [Theory]
    [InlineData("label", 200)]
    [InlineData("tag", 200)]
    public async Task Text_is_taken_at_its_limit_and_refused_beyond(string name, int max)
    {
        using HttpResponseMessage taken = await PostTextAsync(name, max);
        using HttpResponseMessage refused = await PostTextAsync(name, max + 1);

        taken.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await refused.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldContain("200 characters");
    }

    private Task<HttpResponseMessage> PostTextAsync(string name, int length)
    {
        string text = new('x', length);
        return _service.PostAsync("/fetches", name == "tag"
            ? $$"""{"requests":[{"url":"{{_url}}","tag":"{{text}}"}]}"""
            : ServiceCalls.Batch([_url], more: $",\"label\":\"{text}\""));
    }

    private Task<HttpResponseMessage> PostJsonAsync(string options) => _service.PostAsync("/fetches", ServiceCalls.Batch([_url], options));

    private Task<HttpResponseMessage> PostLinesAsync(string name, string value) => _service.PostAsync($"/fetches?{name}={value}", _url, "text/uri-list");
}
