using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Home;

public sealed class HomeTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData(null, "application/json")]
    [InlineData("text/plain", "text/plain")]
    [InlineData("text/*", "text/html")]
    [InlineData("application/json;q=0.1, text/plain", "text/plain")]
    public async Task Greeting_comes_in_the_form_that_is_asked_for(string? accept, string expected)
    {
        using HttpResponseMessage answer = await _service.GetAsync("/", accept is null ? [] : [("Accept", accept)]);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(expected);
        answer.Headers.Vary.ShouldBe(["Accept"]);
    }

    [Fact]
    public async Task Greeting_says_what_the_tutorials_say_and_its_links_work()
    {
        JsonElement greeting = await _service.JsonAsync("/");
        using HttpResponseMessage text = await _service.GetAsync("/", ("Accept", "text/plain"));

        greeting.Text("message").ShouldBe("Hello World");
        (await text.Content.ReadAsStringAsync(Token)).ShouldBe("Hello, world");
        foreach (JsonProperty link in greeting.GetProperty("links").EnumerateObject())
        {
            using HttpResponseMessage answer = await _service.GetAsync(link.Value.GetString()!);
            ((int)answer.StatusCode).ShouldBeInRange(200, 302, link.Name);
        }
    }

    [Fact]
    public async Task Form_that_is_not_there_is_406()
    {
        using HttpResponseMessage answer = await _service.GetAsync("/", ("Accept", "image/png"));

        await answer.ShouldBeProblemAsync(ProblemTypes.NotAcceptable);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/fetches")]
    [InlineData("/nowhere")]
    [InlineData("/swagger/index.html")]
    public async Task Every_answer_has_a_request_id_and_the_security_headers(string path)
    {
        using HttpResponseMessage answer = await _service.GetAsync(path, ("X-Request-Id", "given-1"));

        answer.Headers.GetValues("X-Request-Id").ShouldBe(["given-1"]);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Other_host_names_are_refused()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/") { Headers = { Host = "attacker.example" } };

        using HttpResponseMessage answer = await _service.Client.SendAsync(request, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
