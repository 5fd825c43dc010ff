using System.Net;
using AsyncApi.Http;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Tests.Http;

public sealed class PipelineTests : IAsyncLifetime
{
    private const int HardenedBody = (int)HardenedKestrel.DefaultMaxBodyBytes + 1;

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await HttpTestApp.StartAsync(app =>
    {
        app.MapGet("/quiet", () => "x").WithQuietLog();
        app.MapGet("/hang", async (CancellationToken cancellationToken) =>
        {
            _reached.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        });
        app.MapGet("/page", () => "x").WithContentSecurityPolicy(ContentSecurityPolicy.OwnPages);
        app.MapGet("/cached", (Microsoft.AspNetCore.Http.HttpResponse response) =>
        {
            response.Headers.CacheControl = "public, max-age=60";
            return "x";
        });
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("abc-123")]
    [InlineData("!")]
    [InlineData("~")]
    public async Task Request_id_of_the_client_is_echoed(string id)
    {
        (await RequestIdAsync(id)).ShouldBe(id);
        (await RequestIdAsync(new string('x', 128))).ShouldBe(new string('x', 128));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("é")]
    public async Task Request_id_that_is_not_visible_ascii_is_replaced(string? id)
    {
        string answered = await RequestIdAsync(id);

        Guid.TryParseExact(answered, "N", out Guid made).ShouldBeTrue(answered);
        made.Version.ShouldBe(7);
    }

    [Fact]
    public async Task Request_id_over_128_characters_is_replaced() => (await RequestIdAsync(new string('x', 129))).Length.ShouldBe(32);

    [Theory]
    [InlineData("/things", 200)]
    [InlineData("/nowhere", 404)]
    [InlineData("/bug", 500)]
    public async Task Security_headers_stand_on_every_answer(string path, int status)
    {
        using HttpResponseMessage response = await _app.Client.GetAsync(path, Token);

        ((int)response.StatusCode).ShouldBe(status);
        Header(response, "X-Content-Type-Options").ShouldBe("nosniff");
        Header(response, "Referrer-Policy").ShouldBe("no-referrer");
        Header(response, "Cross-Origin-Resource-Policy").ShouldBe("same-origin");
        Header(response, "Content-Security-Policy").ShouldBe(ContentSecurityPolicy.Api);
        Header(response, "Cache-Control")!.ShouldContain("no-store");
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Policy_and_caching_that_an_endpoint_chose_stay()
    {
        using HttpResponseMessage page = await _app.Client.GetAsync("/page", Token);
        using HttpResponseMessage cached = await _app.Client.GetAsync("/cached", Token);

        Header(page, "Content-Security-Policy").ShouldBe(ContentSecurityPolicy.OwnPages);
        Header(cached, "Cache-Control").ShouldBe("public, max-age=60");
    }

    [Theory]
    [InlineData("/things?limit=1&token=hidden", "GET /things answered 200", LogLevel.Information)]
    [InlineData("/nowhere", "GET /nowhere answered 404", LogLevel.Information)]
    [InlineData("/bug", "GET /bug answered 500", LogLevel.Error)]
    [InlineData("/quiet", "GET /quiet answered 200", LogLevel.Debug)]
    [InlineData("/a%0d%0aforged%1b[31m", "GET /a%0D%0Aforged%1B%5B31m answered 404", LogLevel.Information)]
    public async Task Request_is_logged_on_one_line(string path, string start, LogLevel level)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Add("X-Request-Id", "log-me");
        using HttpResponseMessage response = await _app.Client.SendAsync(request, Token);
        await response.Content.ReadAsStringAsync(Token);

        LogLine line = await LogLineAsync();

        line.Text.ShouldStartWith(start);
        line.Text.ShouldEndWith("(log-me)");
        line.Level.ShouldBe(level);
        line.Text.ShouldNotContain("hidden");
        line.RequestId.ShouldBe("log-me");
    }

    [Fact]
    public async Task Mistakes_of_clients_are_no_errors_in_the_log()
    {
        using StringContent content = new(new string(' ', HardenedBody), System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using HttpRequestMessage request = new(HttpMethod.Post, "/form");
        request.Content = content;
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage response = await _app.Client.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await LogLineAsync();
        _app.Log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Client_that_left_is_no_error()
    {
        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<HttpResponseMessage> call = _app.Client.GetAsync("/hang", leaving.Token);
        await _reached.Task.WaitAsync(Token);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        (await LogLineAsync()).Text.ShouldStartWith("GET /hang answered 499");
        _app.Log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Warning);
    }

    // The line is written after the answer left: the client may be a moment early.
    private async Task<LogLine> LogLineAsync()
    {
        LogLine? found = null;
        await Eventually.Until(() => (found = _app.Log.Lines.FirstOrDefault(line => line.Category == typeof(RequestLog).FullName)) is not null);
        return found!;
    }

    private async Task<string> RequestIdAsync(string? id)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/things");
        if (id is not null)
            request.Headers.TryAddWithoutValidation("X-Request-Id", id).ShouldBeTrue();
        using HttpResponseMessage response = await _app.Client.SendAsync(request, Token);
        return Header(response, "X-Request-Id")!;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;
}
