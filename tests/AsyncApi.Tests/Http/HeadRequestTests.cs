using System.Net;
using System.Net.Sockets;
using System.Text;
using AsyncApi.Tests.Fetches;

namespace AsyncApi.Tests.Http;

public sealed class HeadRequestTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/items")]
    [InlineData("/items/4711")]
    [InlineData("/users?limit=0")]
    [InlineData("/jobs")]
    [InlineData("/fetches")]
    [InlineData("/schedules")]
    [InlineData("/hosts")]
    [InlineData("/patterns/gather")]
    [InlineData("/problems/validation")]
    [InlineData("/health/live")]
    [InlineData("/metrics")]
    [InlineData("/static/hello.txt")]
    [InlineData("/files/")]
    public async Task Head_is_answered_like_get_without_the_body(string path)
    {
        using HttpResponseMessage get = await _service.GetAsync(path);
        using HttpRequestMessage request = new(HttpMethod.Head, path);
        using HttpResponseMessage head = await _service.Client.SendAsync(request, Token);

        head.StatusCode.ShouldBe(get.StatusCode);
        head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        (await head.Content.ReadAsByteArrayAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Head_of_a_route_without_get_is_the_wrong_method()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, "/demo2");
        using HttpResponseMessage answer = await _service.Client.SendAsync(request, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("/jobs/events", "text/event-stream")]
    [InlineData("/fetches/{id}/results", "text/event-stream")]
    [InlineData("/fetches/{id}/results", "application/x-ndjson")]
    public async Task Head_of_a_stream_ends_with_its_headers(string path, string accept)
    {
        using HttpResponseMessage fetch = await _service.PostAsync("/fetches", """{"urls":["http://127.0.0.1:1/"],"delaySeconds":3600}""");
        string id = (await fetch.JsonAsync()).Text("id");

        // On one connection: the second is answered when the first is over.
        string answers = await RawAsync(
            $"HEAD {path.Replace("{id}", id, StringComparison.Ordinal)} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n"
            + "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n");

        answers.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        answers.ShouldContain($"Content-Type: {accept}");
        answers[answers.IndexOf("\r\n\r\n", StringComparison.Ordinal)..].ShouldStartWith("\r\n\r\nHTTP/1.1 200 OK\r\n");
        answers.ShouldEndWith("Hello, world");
    }

    private async Task<string> RawAsync(string requests)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, _service.Address.Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(requests), Token);
        using StreamReader answers = new(client.GetStream(), Encoding.ASCII);
        return await answers.ReadToEndAsync(Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
    }
}
