using System.Text.Json;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Fetches;

public sealed class SecretHeaderTests
{
    private const string Secret = "s3cr3t-value";

    [Fact]
    public async Task Secret_values_reach_the_target_and_nobody_else()
    {
        List<string> seen = [];
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/safe", (HttpContext context) =>
        {
            seen.AddRange(((string[])["Authorization", "Cookie", "X-Partner-Token", "X-Plain"]).Select(name => context.Request.Headers[name].ToString()));
            context.Response.Headers["X-Partner-Token"] = Secret;
            context.Response.Headers["X-Answer"] = "plain";
        }));
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string options = $$"""
            {"headers":{"authorization":"Bearer {{Secret}}","Cookie":"a={{Secret}}","X-Partner-Token":"{{Secret}}","X-Plain":"open"},"secretHeaders":["x-partner-token"]}
            """;

        using HttpResponseMessage submitted = await service.PostAsync("/fetches", ServiceCalls.Batch([target.Url("safe"), "http://127.0.0.1:1/"], options));
        string first = await submitted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string path = submitted.Headers.Location!.ToString();
        JsonElement fetch = await service.OverAsync(path);
        JsonElement[] results = await service.ResultsAsync(path, "&include=headers");
        string list = (await service.JsonAsync("/fetches")).ToString();

        seen.ShouldBe([$"Bearer {Secret}", $"a={Secret}", Secret, "open"]);
        fetch.At("options.headers").ShouldBeJson("""{"authorization":"***","Cookie":"***","X-Partner-Token":"***","X-Plain":"open"}""");
        results[0].ToString().ShouldContain("***");
        results[0].ToString().ShouldContain("plain");
        string everything = string.Concat([first, fetch.ToString(), list, .. results.Select(result => result.ToString())]);
        everything.ShouldNotContain(Secret);
        string log = string.Concat(service.Log.Lines.Select(line => line.Text + string.Concat(line.Scopes)));
        log.ShouldNotContain(Secret);
        log.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Faulty_secret_value_is_not_quoted()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();

        using HttpResponseMessage answer = await service.PostAsync(
            "/fetches", $$"""{ "requests": [{ "url": "http://example.com/", "headers": { "Authorization": "{{Secret}}\u0001" } }] }""");

        (await answer.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("requests[0].headers.Authorization: ");
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain(Secret);
    }
}
