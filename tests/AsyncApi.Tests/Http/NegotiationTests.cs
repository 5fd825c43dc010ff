using AsyncApi.Http;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Http;

public sealed class NegotiationTests
{
    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/html", "text/html")]
    [InlineData("TEXT/HTML", "text/html")]
    [InlineData("text/*", "text/html")]
    [InlineData("application/x-ndjson, */*", "application/x-ndjson")]
    [InlineData("application/json;q=0.5, text/html;q=0.9", "text/html")]
    [InlineData("application/json;q=0, */*", "text/html")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("image/png", null)]
    [InlineData("*/*;q=0", null)]
    [InlineData("application/json;q=0", null)]
    [InlineData(";;;", "application/json")]
    public void Accept_chooses_what_the_client_likes_best(string? accept, string? chosen)
    {
        DefaultHttpContext context = new();
        context.Request.Headers.Accept = accept;

        Accept.Choose(context.Request, "application/json", "text/html", "application/x-ndjson").ShouldBe(chosen);
    }

    [Theory]
    [InlineData("wait=10", 10)]
    [InlineData("WAIT = 10", 10)]
    [InlineData("wait=\"10\"", 10)]
    [InlineData("respond-async, wait=5; foo=bar", 5)]
    [InlineData("x=\"a, wait=1\", wait=2", 2)]
    [InlineData("x=\"\\\", wait=1\", wait=2", 2)]
    [InlineData("wait=0", 0)]
    [InlineData("wait=3600", 60)]
    [InlineData("wait=5, wait=7", 5)]
    [InlineData("wait=-1", null)]
    [InlineData("wait=1.5", null)]
    [InlineData("wait", null)]
    [InlineData("wait=", null)]
    [InlineData("wait=99999999999", null)]
    [InlineData("waiting=5", null)]
    [InlineData("\"", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Prefer_wait_is_read_and_nonsense_ignored(string? header, int? seconds)
    {
        DefaultHttpContext context = new();
        context.Request.Headers["Prefer"] = header;

        Prefer.Wait(context.Request)?.TotalSeconds.ShouldBe(seconds!.Value);
        Prefer.Wait(context.Request).HasValue.ShouldBe(seconds.HasValue);
    }

    [Fact]
    public void Applied_preference_is_told()
    {
        DefaultHttpContext context = new();

        Prefer.Applied(context.Response, TimeSpan.FromSeconds(7));

        context.Response.Headers["Preference-Applied"].ToString().ShouldBe("wait=7");
    }
}
