using System.Net;
using AsyncApi.Demo;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AsyncApi.Tests.Demo;

public sealed class DemoTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Name_and_key_come_back_from_both_kinds_of_form()
    {
        using MultipartFormDataContent multipart = new() { { new StringContent("a b"), "key" }, { new ByteArrayContent([1, 2]), "file", "x.bin" } };

        using HttpResponseMessage encoded = await _service.PostAsync("/demo1/Ada%20L", "key=a+b&other=1", UrlEncoded);
        using HttpResponseMessage parts = await _service.Client.PostAsync("/demo1/Ada%20L", multipart, Token);

        (await encoded.JsonAsync()).ShouldBeJson("""{"name":"Ada L","key":"a b"}""");
        (await parts.JsonAsync()).ShouldBeJson("""{"name":"Ada L","key":"a b"}""");
    }

    [Theory]
    [InlineData("", "key: is required, as a field of the form")]
    [InlineData("Key2=1", "key: is required, as a field of the form")]
    [InlineData("key=1&key=2", "key: must stand once")]
    public async Task Form_without_one_key_is_refused(string form, string fault)
    {
        using HttpResponseMessage answer = await _service.PostAsync("/demo1/Ada", form, UrlEncoded);

        (await answer.ShouldBeFaultsAsync()).ShouldBe([fault]);
    }

    [Fact]
    public async Task Body_that_is_no_form_is_unsupported()
    {
        using HttpResponseMessage first = await _service.PostAsync("/demo1/Ada", """{"key":"value"}""");
        using HttpResponseMessage second = await _service.PostAsync("/demo2", """{"key":"value"}""");

        await first.ShouldBeProblemAsync(ProblemTypes.UnsupportedMediaType);
        await second.ShouldBeProblemAsync(ProblemTypes.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("/demo1/Ada?kee=1", "kee: unknown parameter; known are none")]
    [InlineData("/demo2?kee=1", "kee: unknown parameter; known are none")]
    public async Task Unknown_parameter_is_refused(string path, string fault)
    {
        using HttpResponseMessage answer = await _service.PostAsync(path, "key=value", UrlEncoded);

        (await answer.ShouldBeFaultsAsync()).ShouldBe([fault]);
    }

    [Theory]
    [InlineData("key=value")]
    [InlineData(null)]
    public async Task Demo2_welcomes_after_a_call_to_the_service_itself(string? form)
    {
        // Nothing private is allowed to fetches here: the target that the operator has set is an exception of this feature alone.
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Fetch:AllowedNetworks:0", "10.9.9.9"));
        using HttpContent? content = form is null ? null : new StringContent(form, null, UrlEncoded);

        using HttpResponseMessage answer = await service.Client.PostAsync("/demo2", content, Token);
        using HttpResponseMessage fetch = await service.PostAsync("/fetches", ServiceCalls.Batch([new Uri(service.Address, "health/live").AbsoluteUri]));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await answer.Content.ReadAsStringAsync(Token)).ShouldBe("welcome");
        (await fetch.ShouldBeFaultsAsync()).ShouldHaveSingleItem().ShouldStartWith("urls[0]");
    }

    [Fact]
    public async Task Demo2_calls_what_is_configured_once_with_the_request_id()
    {
        string? seen = null;
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/up", (HttpRequest request) => seen = request.Headers["X-Request-Id"]));
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Demo:UpstreamUrl", target.Url("up")));

        using HttpResponseMessage answer = await service.PostAsync("/demo2", "", UrlEncoded, ("X-Request-Id", "passed-on"));

        (await answer.Content.ReadAsStringAsync(Token)).ShouldBe("welcome");
        target.Hits("/up").ShouldBe(1);
        seen.ShouldBe("passed-on");
    }

    [Theory]
    [InlineData("status/500")]
    [InlineData("status/404")]
    [InlineData("status/302")]
    [InlineData(null)]
    public async Task Demo2_says_that_its_upstream_failed(string? path)
    {
        string url = path is null ? $"http://127.0.0.1:{LoopbackPort.Free()}/" : _target.Url(path);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Demo:UpstreamUrl", url));

        using HttpResponseMessage answer = await service.PostAsync("/demo2", "", UrlEncoded);

        (await answer.ShouldBeProblemAsync(ProblemTypes.UpstreamFailed)).Text("detail").ShouldNotContain("127.0.0.1");
    }

    [Theory]
    [InlineData("ftp://example.com/", false)]
    [InlineData("/health", false)]
    [InlineData("http://user:secret@example.com/", false)]
    [InlineData("https://example.com/up", true)]
    [InlineData(null, true)]
    public void Setting_that_is_no_url_stops_the_start(string? url, bool valid)
    {
        ValidateOptionsResult result = new DemoOptionsValidator().Validate(null, new DemoOptions { UpstreamUrl = url });

        result.Succeeded.ShouldBe(valid);
    }
}
