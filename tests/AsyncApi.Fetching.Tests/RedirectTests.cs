using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;

namespace AsyncApi.Fetching.Tests;

public sealed class RedirectTests : IAsyncLifetime
{
    private static readonly FetchOptions Once = new() { Retry = Loopback.NoRetries };

    private readonly FetchEngine _engine = Loopback.Engine();
    private TargetServer _here = null!;
    private TargetServer _elsewhere = null!;

    public async ValueTask InitializeAsync()
    {
        _here = await TargetServer.StartAsync(static app => app.Map("/no-location", static context =>
        {
            context.Response.StatusCode = 302;
            return Task.CompletedTask;
        }));
        _elsewhere = await TargetServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _here.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task As_many_redirects_as_allowed_are_followed()
    {
        FetchResult result = await _engine.OneAsync(_here.Url("redirect/5"), Once);

        (result.Reason, result.Text(), result.FinalUrl!.AbsolutePath).ShouldBe((FetchReason.None, "there", "/redirect/0"));
    }

    [Fact]
    public async Task One_redirect_more_is_too_many()
    {
        FetchResult result = await _engine.OneAsync(_here.Url("redirect/6"), Once);

        (result.Reason, result.Status, _here.TotalHits).ShouldBe((FetchReason.TooManyRedirects, 302, 6));
    }

    [Fact]
    public async Task No_redirect_is_followed_when_none_is_allowed()
    {
        FetchResult result = await _engine.OneAsync(_here.Url("redirect/1"), Once with { MaxRedirects = 0 });

        (result.Outcome, result.Status, _here.TotalHits).ShouldBe((FetchOutcome.Succeeded, 302, 1));
    }

    [Fact]
    public async Task Redirect_without_a_location_is_an_answer()
    {
        FetchResult result = await _engine.OneAsync(_here.Url("no-location"), Once);

        (result.Outcome, result.Status).ShouldBe((FetchOutcome.Succeeded, 302));
    }

    [Theory]
    [InlineData("http://10.0.0.1/", FetchReason.Blocked)]
    [InlineData("http://[::1]/", FetchReason.Blocked)]
    [InlineData("file:///etc/passwd", FetchReason.Blocked)]
    [InlineData("gopher://127.0.0.1:6379/_x", FetchReason.Blocked)]
    [InlineData("http://", FetchReason.Protocol)]
    [InlineData("http://a b/", FetchReason.Protocol)]
    public async Task Redirect_to_a_forbidden_or_broken_target_is_not_followed(string location, FetchReason reason)
    {
        FetchResult result = await _engine.OneAsync(To(location, 302), Once);

        (result.Reason, result.Attempts).ShouldBe((reason, 1));
    }

    [Theory]
    [InlineData("POST", 301, "GET", "")]
    [InlineData("POST", 302, "GET", "")]
    [InlineData("POST", 303, "GET", "")]
    [InlineData("PUT", 303, "GET", "")]
    [InlineData("PUT", 302, "PUT", "body")]
    [InlineData("POST", 307, "POST", "body")]
    [InlineData("POST", 308, "POST", "body")]
    public async Task Redirect_on_the_same_origin_keeps_or_changes_the_method(string method, int status, string expected, string body)
    {
        FetchRequest request = Loopback.Post(To(_here.Url("echo"), status), "body", ("X-A", "1")) with { Method = new HttpMethod(method) };

        JsonElement seen = JsonDocument.Parse((await _engine.OneAsync(request, Once)).Text()).RootElement;

        (seen.GetProperty("method").GetString(), seen.GetProperty("body").GetString()).ShouldBe((expected, body));
        seen.GetProperty("headers").GetProperty("X-A").GetString().ShouldBe("1");
    }

    [Theory]
    [InlineData("POST", "body", 307)]
    [InlineData("POST", "", 307)]
    [InlineData("PATCH", "", 308)]
    [InlineData("PUT", "body", 302)]
    public async Task Redirect_to_another_origin_takes_no_change_along(string method, string body, int status)
    {
        FetchRequest request = Loopback.Post(To(_elsewhere.Url("echo"), status), body) with { Method = new HttpMethod(method) };

        FetchResult result = await _engine.OneAsync(request, Once);

        (result.Reason, _elsewhere.TotalHits).ShouldBe((FetchReason.Protocol, 0));
    }

    [Theory]
    [InlineData("GET", 302)]
    [InlineData("GET", 307)]
    [InlineData("POST", 303)]
    public async Task Redirect_to_another_origin_takes_no_header_along(string method, int status)
    {
        (string, string)[] secrets = [("Authorization", "secret"), ("Cookie", "a=secret"), ("X-Api-Key", "secret")];
        FetchRequest request = Loopback.Post(To(_elsewhere.Url("echo"), status), "", secrets) with { Method = new HttpMethod(method) };

        FetchResult result = await _engine.OneAsync(request, Once with { Headers = Loopback.Headers(("X-Shared", "secret")), CorrelationId = "c1" });

        result.Reason.ShouldBe(FetchReason.None, result.Message);
        result.Text().ShouldNotContain("secret");
        result.Text().ShouldContain("c1");
    }

    private string To(string location, int status) => _here.Url($"redirect-to?status={status}&url={Uri.EscapeDataString(location)}");
}
