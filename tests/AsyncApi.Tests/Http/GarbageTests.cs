using System.Net;
using System.Text;

namespace AsyncApi.Tests.Http;

/// <summary>No input makes a 5xx.</summary>
public sealed class GarbageTests : IAsyncLifetime
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\"name\"", "\"number\"", "\"parts\"", "\"url\"", "null", "true", "0", "-1", "1e400", "1.5",
        "\\u0000", "\\ud800", "\\",
        "\\u", "\u0001", "é", "\u202e", "{\"name\":\"a\"}", "\"name\":", " ", "\n", "//", "/*", "99999999999999999999", "\"a\\u0000\"", "{}", "[]",
    ];

    private static readonly string[] Headers =
    [
        "Accept", "Prefer", "X-Request-Id", "Content-Encoding", "If-Match", "If-None-Match", "Range", "Last-Event-ID", "Cookie", "Accept-Language",
        "Origin", "Authorization",
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json", "application/json; charset=utf-8", "application/json; charset=utf-7", "application/json; charset=\"",
        "multipart/form-data; boundary=b",
        "multipart/form-data", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7", "text/plain", ";", "a/b/c", "*/*",
    ];

    private static readonly string[] Paths = ["/things", "/things/1", "/form", "/raw", "/problems", "/problems/validation", "/swagger/index.html", "/nowhere"];

    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await HttpTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(20261120, 5000)]
    public async Task Garbage_makes_no_server_error(int seed, int requests)
    {
        Random random = new(seed);

        for (int i = 0; i < requests; i++)
        {
            using HttpRequestMessage request = Request(random);
            using HttpResponseMessage response = await _app.Client.SendAsync(request, Token);

            ((int)response.StatusCode).ShouldBeLessThan(500, $"request {i}: {request}\n{_app.Log.Errors}");
            if (response.StatusCode >= HttpStatusCode.BadRequest)
                response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", $"request {i}: {request}");
        }
    }

    private static HttpRequestMessage Request(Random random)
    {
        string[] methods = ["GET", "POST", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        HttpRequestMessage request = new(new HttpMethod(Pick(random, methods)), Pick(random, Paths) + Query(random));
        for (int i = random.Next(4); i > 0; i--)
            request.Headers.TryAddWithoutValidation(Pick(random, Headers), HeaderValue(random));
        if (request.Method == HttpMethod.Get)
            return request;
        byte[] body = random.Next(5) == 0 ? Bytes(random) : Encoding.UTF8.GetBytes(Text(random));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", random.Next(2) == 0 ? ContentTypes[0] : Pick(random, ContentTypes));
        return request;
    }

    private static string Query(Random random)
    {
        StringBuilder query = new("?");
        for (int i = random.Next(4); i > 0; i--)
        {
            string name = Pick(random, ["limit", "cursor", "size", "x", "%00", "%ff", "a[b]"]);
            string value = Pick(random, ["1", "-1", "%00", "%ff%fe", "a%0d%0ab", "AQEAAAAAAAAAAQ", "1e9", "%", "%zz", "\u00e9"]);
            query.Append(name).Append('=').Append(value).Append('&');
        }
        return query.ToString();
    }

    private static string HeaderValue(Random random)
    {
        const string Characters = "abc019 ;,=\"\\*/-_q.:()<>@[]{}?\t~\u00e9";
        return string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Characters[random.Next(Characters.Length)]));
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Pick(random, Pieces)));

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
