using System.Text;
using Microsoft.AspNetCore.Hosting;

namespace AsyncApi.Tests.Http;

/// <summary>What only a raw socket can send.</summary>
public sealed class BrokenFramingTests : IAsyncLifetime
{
    private const string Post = "POST /things HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";

    private HttpTestApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await HttpTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(Post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "400")]
    [InlineData(Post + "Transfer-Encoding: chunked\r\n\r\n5\r\n{}\r\n0\r\n\r\n", "400")]
    [InlineData(Post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}garbage\r\n", "400")]
    [InlineData(Post + "Content-Length: 5\r\nContent-Length: 12\r\n\r\n{\"name\":\"a\"}", "400")]
    [InlineData(Post + "Content-Length: -1\r\n\r\n{}", "400")]
    [InlineData(Post + "Content-Length: 5\r\n\r\n{\"name\":\"a\"}", "400")]
    [InlineData(Post + "Transfer-Encoding: gzip\r\n\r\n{}", "400", "501")]
    [InlineData(Post + "Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "400")]
    [InlineData("POST /things HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "400")]
    [InlineData("NONSENSE\r\n\r\n", "400")]
    [InlineData("GET /things HTTP/9.9\r\nHost: localhost\r\n\r\n", "505")]
    public async Task Broken_request_is_the_clients_fault(string request, params string[] statuses)
    {
        string answer = await _app.RawAsync(request);

        statuses.ShouldContain(answer.Split(' ')[1], answer);
        Body(answer).ShouldSatisfyAllConditions(
            body => (body.Length == 0 || answer.Contains("application/problem+json", StringComparison.Ordinal)).ShouldBeTrue(answer),
            body => body.ShouldNotContain("Exception"));
    }

    [Fact]
    public async Task Body_that_ends_before_its_length_is_no_server_error()
    {
        string answer = await _app.RawAsync(Post + "Content-Length: 500\r\n\r\n{\"name\"", halfClose: true);

        answer.ShouldNotContain("HTTP/1.1 5");
    }

    [Fact]
    public async Task Second_request_behind_a_body_is_a_request_of_its_own()
    {
        string answer = await _app.RawAsync(
            "POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"name\":\"a\"}"
            + "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        answer.ShouldSatisfyAllConditions(
            text => text.ShouldStartWith("HTTP/1.1 200"),
            text => text.ShouldContain("HTTP/1.1 404"));
    }

    [Fact]
    public async Task Body_that_dribbles_is_a_timeout_problem()
    {
        await using HttpTestApp app = await HttpTestApp.StartAsync(configure: builder => builder.WebHost.ConfigureKestrel(options =>
            options.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 10_000, gracePeriod: TimeSpan.FromSeconds(1.1))));

        string answer = await app.RawAsync("POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"name\"");

        answer.ShouldStartWith("HTTP/1.1 408");
        Body(answer).ShouldContain("/problems/request-timeout");
    }

    [Fact]
    public async Task Headers_over_their_limits_are_refused_by_the_server()
    {
        string many = string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: 1\r\n"));
        string large = $"X-Large: {new string('a', 33 * 1024)}\r\n";
        StringBuilder line = new StringBuilder("GET /").Append('a', 9 * 1024).Append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");

        (await _app.RawAsync($"GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n")).ShouldStartWith("HTTP/1.1 431");
        (await _app.RawAsync($"GET / HTTP/1.1\r\nHost: localhost\r\n{large}\r\n")).ShouldStartWith("HTTP/1.1 431");
        (await _app.RawAsync(line.ToString())).ShouldStartWith("HTTP/1.1 414");
    }

    private static string Body(string answer) => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
}
