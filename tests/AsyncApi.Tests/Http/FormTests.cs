using System.Net;
using System.Text;
using AsyncApi.Http.Problems;

namespace AsyncApi.Tests.Http;

public sealed class FormTests : IAsyncLifetime
{
    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await HttpTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Forms_of_both_kinds_are_read()
    {
        using FormUrlEncodedContent encoded = new(new Dictionary<string, string> { ["key"] = "a b" });
        using MultipartFormDataContent multipart = new() { { new StringContent("a b"), "key" } };

        using HttpResponseMessage first = await _app.Client.PostAsync("/form", encoded, Token);
        using HttpResponseMessage second = await _app.Client.PostAsync("/form", multipart, Token);

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData(";")]
    [InlineData(null)]
    public async Task Body_that_is_no_form_is_unsupported(string? contentType)
    {
        using ByteArrayContent content = new("key=1"u8.ToArray());
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType).ShouldBeTrue();

        using HttpResponseMessage response = await _app.Client.PostAsync("/form", content, Token);

        await response.ShouldBeProblemAsync(ProblemTypes.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nbroken")]
    public async Task Broken_form_is_malformed(string contentType, string body)
    {
        using ByteArrayContent content = new(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType).ShouldBeTrue();

        using HttpResponseMessage response = await _app.Client.PostAsync("/form", content, Token);

        await response.ShouldBeProblemAsync(ProblemTypes.MalformedBody);
    }

    [Fact]
    public async Task Too_many_form_fields_are_refused()
    {
        string form = string.Join('&', Enumerable.Range(0, 5000).Select(i => $"f{i}=1"));
        using StringContent content = new(form, Encoding.UTF8, "application/x-www-form-urlencoded");

        using HttpResponseMessage response = await _app.Client.PostAsync("/form", content, Token);

        await response.ShouldBeProblemAsync(ProblemTypes.MalformedBody);
    }
}
