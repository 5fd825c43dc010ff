using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Tests.Http;

public sealed class RefusalTests : IAsyncLifetime
{
    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await HttpTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"name\":\"a\",}")]
    [InlineData("{\"name\":\"a\"} x")]
    [InlineData("{/* c */\"name\":\"a\"}")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"name\":\"a\",\"n\\u0061me\":\"b\"}")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"name\":\"\\udc00\\ud800\"}")]
    [InlineData("{\"name\":\"\\ud800\\u0041\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("NaN")]
    public async Task Body_that_is_no_acceptable_json_is_malformed(string json)
    {
        using HttpResponseMessage response = await PostAsync(json);

        (await response.ShouldBeProblemAsync(ProblemTypes.MalformedBody)).GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Body_of_invalid_utf8_is_malformed()
    {
        using ByteArrayContent content = new([.. "{\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using HttpResponseMessage response = await _app.Client.PostAsync("/things", content, Token);

        await response.ShouldBeProblemAsync(ProblemTypes.MalformedBody);
    }

    [Theory]
    [InlineData(32, 400, "validation")]
    [InlineData(33, 400, "malformed-body")]
    public async Task Body_deeper_than_32_is_malformed(int depth, int status, string slug)
    {
        string json = $"{{\"deep\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}";

        using HttpResponseMessage response = await PostAsync(json);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.JsonAsync()).GetProperty("type").GetString().ShouldBe($"/problems/{slug}");
    }

    [Fact]
    public async Task Syntax_error_names_line_and_byte()
    {
        using HttpResponseMessage response = await PostAsync("{\n  \"name\": oops }");

        string? detail = (await response.ShouldBeProblemAsync(ProblemTypes.MalformedBody)).GetProperty("detail").GetString();
        detail.ShouldNotBeNull().ShouldContain("line 2, byte 11");
    }

    [Theory]
    [InlineData("{}", "name", "is required")]
    [InlineData("{\"name\":null}", "name", "must not be null")]
    [InlineData("{\"name\":5}", "name", "must be a string, was a number")]
    [InlineData("{\"name\":\"a\\u0000b\"}", "name", "must not hold NUL")]
    [InlineData("{\"name\":\"123456789012345678901\"}", "name", "may have 20 characters, has 21")]
    [InlineData("{\"name\":\"a\",\"number\":101}", "number", "must be a whole number from 0 to 100, was \"101\"")]
    [InlineData("{\"name\":\"a\",\"number\":1.5}", "number", "must be a whole number from 0 to 100, was \"1.5\"")]
    [InlineData("{\"name\":\"a\",\"number\":1e400}", "number", "must be a whole number from 0 to 100, was \"1e400\"")]
    [InlineData("{\"name\":\"a\",\"number\":99999999999999999999}", "number", "must be a whole number from 0 to 100, was \"99999999999999999999\"")]
    [InlineData("{\"name\":\"a\",\"ratio\":1e400}", "ratio", "must be a number from 0 to 1, was \"1e400\"")]
    [InlineData("{\"name\":\"a\",\"ratio\":true}", "ratio", "must be a number, was a boolean")]
    [InlineData("{\"name\":\"a\",\"parts\":{}}", "parts", "must be an array, was an object")]
    [InlineData("{\"name\":\"a\",\"parts\":[0]}", "parts[0]", "must be an object, was a number")]
    [InlineData("{\"name\":\"a\",\"parts\":[{\"url\":\"u\"},{}]}", "parts[1].url", "is required")]
    [InlineData("{\"name\":\"a\",\"parts\":[{\"url\":\"u\",\"x\":1}]}", "parts[0].x", "unknown member; known are url")]
    [InlineData("{\"name\":\"a\",\"parts\":[1,2,3,4,5,6]}", "parts", "must have 0 to 5 elements, has 6")]
    [InlineData("{\"name\":\"a\",\"Number\":1}", "Number", "unknown member; known are name, number, ratio, parts")]
    [InlineData("{\"name\":\"a\",\"a\\nb\":1}", "[\"a\\u000ab\"]", "unknown member; known are name, number, ratio, parts")]
    [InlineData("[]", "body", "must be an object, was an array")]
    public async Task Json_of_the_wrong_value_names_its_path(string json, string path, string message)
    {
        using HttpResponseMessage response = await PostAsync(json);

        JsonElement errors = (await response.ShouldBeProblemAsync(ProblemTypes.Validation)).GetProperty("errors");
        errors.GetProperty(path).EnumerateArray().Single().GetString().ShouldBe(message);
        errors.GetPropertyCount().ShouldBe(1);
    }

    [Fact]
    public async Task Every_fault_of_body_and_query_stands_in_one_answer()
    {
        using HttpResponseMessage response = await PostAsync("{\"number\":-1,\"ratio\":2,\"extra\":0}", "/things?size=11&sise=1");

        JsonElement problem = await response.ShouldBeProblemAsync(ProblemTypes.Validation);
        problem.GetProperty("errors").EnumerateObject().Select(member => member.Name)
            .ShouldBe(["size", "sise", "name", "number", "ratio", "extra"], ignoreOrder: true);
        problem.GetProperty("detail").GetString().ShouldBe("6 values are not acceptable.");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=no-such-thing")]
    [InlineData("nonsense")]
    [InlineData("application/")]
    [InlineData(null)]
    public async Task Content_type_that_is_not_json_in_utf8_is_unsupported(string? contentType)
    {
        using ByteArrayContent content = new("{\"name\":\"a\"}"u8.ToArray());
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType).ShouldBeTrue();

        using HttpResponseMessage response = await _app.Client.PostAsync("/things", content, Token);

        await response.ShouldBeProblemAsync(ProblemTypes.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("br", false)]
    [InlineData("identity, gzip", false)]
    [InlineData("nonsense", false)]
    [InlineData("identity", true)]
    public async Task Content_encoding_other_than_identity_is_unsupported(string encoding, bool accepted)
    {
        using StringContent content = new("{\"name\":\"a\"}", Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding).ShouldBeTrue();

        using HttpResponseMessage response = await _app.Client.PostAsync("/things", content, Token);

        if (accepted)
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        else
            await response.ShouldBeProblemAsync(ProblemTypes.UnsupportedMediaType);
    }

    [Fact]
    public async Task Endpoint_that_stores_bytes_takes_any_charset()
    {
        using StringContent content = new("x");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=utf-7").ShouldBeTrue();

        using HttpResponseMessage response = await _app.Client.PutAsync("/raw", content, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(HttpTestApp.MaxBytes, false, false)]
    [InlineData(HttpTestApp.MaxBytes, true, false)]
    [InlineData(HttpTestApp.MaxBytes + 1, false, true)]
    [InlineData(HttpTestApp.MaxBytes + 1, true, true)]
    [InlineData(3 * 1024 * 1024, false, true)]
    public async Task Body_over_its_cap_is_too_large_by_length_and_by_chunks(int length, bool chunked, bool refused)
    {
        byte[] json = Encoding.ASCII.GetBytes("{\"name\":\"a\"}".PadRight(length));
        using HttpRequestMessage request = new(HttpMethod.Post, "/things");
        request.Content = new ByteArrayContent(json);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        // The server answers before the end of such a body and closes; waiting for 100 keeps the answer from being lost to the reset.
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage response = await _app.Client.SendAsync(request, Token);

        if (refused)
            await response.ShouldBeProblemAsync(ProblemTypes.PayloadTooLarge);
        else
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The server answers before the end of such a body and closes. HttpClient may fail with its next write before it reads.</summary>
    [Fact]
    public async Task Body_far_over_its_cap_is_refused_in_the_midst_of_its_chunks()
    {
        Uri server = _app.Client.BaseAddress!;
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Host, server.Port, Token);
        await using NetworkStream stream = new(socket);
        await stream.WriteAsync("POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), Token);

        (await WritesTakenAsync(stream, Encoding.ASCII.GetBytes($"10000\r\n{new string(' ', 0x10000)}\r\n"), 1_000)).ShouldBeLessThan(1_000);

        string answer = await ReadWhatCameAsync(stream);
        answer.ShouldStartWith("HTTP/1.1 413 ");
        answer.ShouldContain(ProblemTypes.PayloadTooLarge.Uri);
    }

    [Fact]
    public async Task Unknown_path_is_a_not_found_problem()
    {
        using HttpResponseMessage response = await _app.Client.GetAsync("/nowhere", Token);

        await response.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Theory]
    [InlineData("/things/0")]
    [InlineData("/things/abc")]
    [InlineData("/things/99999999999999999999")]
    public async Task Malformed_or_unknown_id_is_not_found(string path)
    {
        using HttpResponseMessage response = await _app.Client.GetAsync(path, Token);

        await response.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Wrong_method_is_a_problem_with_allow()
    {
        using HttpResponseMessage response = await _app.Client.DeleteAsync("/things", Token);

        await response.ShouldBeProblemAsync(ProblemTypes.MethodNotAllowed);
        response.Content.Headers.Allow.Order(StringComparer.Ordinal).ShouldBe(["GET", "POST"]);
    }

    [Fact]
    public async Task Bug_says_nothing_but_its_request_id()
    {
        using HttpResponseMessage response = await _app.Client.GetAsync("/bug", Token);

        JsonElement problem = await response.ShouldBeProblemAsync(ProblemTypes.Internal);
        problem.EnumerateObject().Select(member => member.Name).ShouldBe(["type", "title", "status", "instance", "requestId"]);
    }

    [Fact]
    public async Task Exception_that_a_feature_knows_becomes_its_problem()
    {
        await using HttpTestApp app = await HttpTestApp.StartAsync(
            web => web.MapGet("/away", string () => throw new TimeoutException("It does not answer.")),
            services => services.Configure<ExceptionProblems>(known => known.Map(exception =>
                exception is TimeoutException ? Problem.RetryLater(ProblemTypes.Unavailable, TimeSpan.FromSeconds(1.2)) : null)));

        using HttpResponseMessage response = await app.Client.GetAsync("/away", Token);

        await response.ShouldBeProblemAsync(ProblemTypes.Unavailable);
        response.Headers.RetryAfter?.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        // No stack trace: it is a state of the world, and may last for hours.
        await Eventually.Until(() => app.Log.Lines.Any(static line => line.Text.StartsWith("GET /away answered 503", StringComparison.Ordinal)));
        app.Log.Lines.Where(static line => line.Level >= LogLevel.Warning).Select(static line => line.Text.Split(" in ")[0])
            .ShouldBe(["A request is refused: It does not answer.", "GET /away answered 503"]);
    }

    [Fact]
    public async Task Exception_that_a_feature_knows_cuts_an_answer_that_has_begun()
    {
        await using HttpTestApp app = await HttpTestApp.StartAsync(
            web => web.MapGet("/stream", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("one line\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                throw new TimeoutException("It does not answer.");
            }),
            services => services.Configure<ExceptionProblems>(known => known.Map(exception =>
                exception is TimeoutException ? Problem.RetryLater(ProblemTypes.Unavailable, TimeSpan.FromSeconds(1)) : null)));

        await Should.ThrowAsync<HttpRequestException>(() => app.Client.GetStringAsync("/stream", Token));

        await Eventually.Until(() => app.Log.Lines.Any(static line => line.Text.StartsWith("GET /stream answered", StringComparison.Ordinal)));
        app.Log.Lines.Where(static line => line.Level >= LogLevel.Warning).Select(static line => line.Text)
            .ShouldBe(["An answer is cut: It does not answer."]);
    }

    [Theory]
    [InlineData(401, "unauthorized")]
    [InlineData(409, "conflict")]
    [InlineData(416, "range-not-satisfiable")]
    [InlineData(429, "rate-limited")]
    [InlineData(503, "unavailable")]
    [InlineData(507, "insufficient-storage")]
    public async Task Bare_status_of_the_framework_becomes_a_problem(int status, string slug)
    {
        using HttpResponseMessage response = await _app.Client.GetAsync($"/status/{status}", Token);

        await response.ShouldBeProblemAsync(ProblemTypes.Find(slug)!);
        response.Headers.Contains("Retry-After").ShouldBe(status is 429 or 503);
    }

    [Fact]
    public async Task Status_that_has_no_type_is_a_problem_about_nothing_else()
    {
        using HttpResponseMessage response = await _app.Client.GetAsync("/status/418", Token);

        ((int)response.StatusCode).ShouldBe(418);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        (await response.JsonAsync()).GetProperty("type").GetString().ShouldBe("about:blank");
    }

    [Theory]
    [InlineData("", null, HttpStatusCode.OK)]
    [InlineData("", "application/json", HttpStatusCode.OK)]
    [InlineData("{}", "application/json", HttpStatusCode.OK)]
    [InlineData("{}", null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task Body_that_may_be_absent_counts_as_an_empty_object(string body, string? contentType, HttpStatusCode status)
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);

        using HttpResponseMessage response = await _app.Client.PostAsync("/optional", content, Token);

        response.StatusCode.ShouldBe(status);
    }

    private async Task<HttpResponseMessage> PostAsync(string json, string path = "/things")
    {
        using StringContent content = new(json, Encoding.UTF8, "application/json");
        return await _app.Client.PostAsync(path, content, Token);
    }

    private static async Task<int> WritesTakenAsync(NetworkStream stream, byte[] bytes, int most)
    {
        for (int taken = 0; taken < most; taken++)
        {
            try
            {
                await stream.WriteAsync(bytes, Token);
            }
            catch (IOException)
            {
                return taken;
            }
        }

        return most;
    }

    // Until the end or the reset, before which all that came can be read.
    private static async Task<string> ReadWhatCameAsync(NetworkStream stream)
    {
        using MemoryStream came = new();
        try
        {
            await stream.CopyToAsync(came, Token);
        }
        catch (IOException)
        {
        }

        return Encoding.UTF8.GetString(came.ToArray());
    }
}
