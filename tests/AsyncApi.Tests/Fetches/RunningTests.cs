using System.Net;
using System.Text.Json;
using AsyncApi.Tests.Storage;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.Fetches;

public class RunningTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private readonly ServiceUnderTest _service = both.Service;
    private readonly TargetServer _target = both.Target;

    [Fact]
    public async Task Every_failure_has_its_reason()
    {
        string nobody = $"http://127.0.0.1:{LoopbackPort.Free()}/";
        string[] urls =
        [
            _target.Url("ok/1"), _target.Url("status/404"), _target.Url("status/503"), _target.Url("delay/60000"), nobody, "http://none.invalid/",
            _target.Url("redirect-to?url=http://10.0.0.1/"), _target.Url("redirect/3"), _target.Url("status/302"),
            _target.Url($"redirect-to?url={_service.Address.AbsoluteUri}health/live"),
        ];

        JsonElement[] results = await _service.FetchAsync(urls, """{"timeoutSeconds":0.5,"maxRedirects":2,"retry":{"maxRetries":0}}""");

        results.Select(result => result.GetProperty("reason").GetString()).ShouldBe(
            [null, "httpStatus", "httpStatus", "timeout", "connect", "dns", "blocked", "tooManyRedirects", null, "blocked"]);
        results.Select(result => result.Text("outcome")).ShouldBe(
            ["succeeded", "failed", "failed", "failed", "failed", "failed", "failed", "failed", "succeeded", "failed"]);
        results.Select(result => result.GetProperty("status")).Take(3).Select(status => status.GetInt32()).ShouldBe([200, 404, 503]);
        results[6].Text("message").ShouldNotContain("10.0.0.1");
    }

    [Fact]
    public async Task Target_sees_method_headers_and_body_as_submitted()
    {
        string path = await _service.SubmitAsync(
            $$"""
            { "requests": [{ "url": "{{_target.Url("echo?a=1&b=%20")}}", "method": "PATCH", "headers": { "X-Own": "own", "X-Both": "request", "Content-Type": "text/plain" }, "body": "bödy" },
                           { "url": "{{_target.Url("echo")}}" }],
              "options": { "headers": { "X-All": "all", "X-Both": "options" } } }
            """, headers: ("X-Request-Id", "trace-me-42"));

        JsonElement[] results = await _service.ResultsAsync(path, "&include=body");

        JsonElement own = JsonSerializer.Deserialize<JsonElement>(results[0].Text("body"));
        own.Text("method").ShouldBe("PATCH");
        own.Text("target").ShouldBe("/echo?a=1&b=%20");
        own.Text("body").ShouldBe("bödy");
        JsonElement headers = own.GetProperty("headers");
        headers.Text("X-Own").ShouldBe("own");
        headers.Text("X-Both").ShouldBe("request");
        headers.Text("X-All").ShouldBe("all");
        headers.Text("Content-Type").ShouldBe("text/plain");
        headers.EnumerateObject().Single(header => header.Name.Equals("X-Request-Id", StringComparison.OrdinalIgnoreCase)).Value.GetString().ShouldBe("trace-me-42");
        headers.TryGetProperty("traceparent", out _).ShouldBeFalse();
        headers.TryGetProperty("Cookie", out _).ShouldBeFalse();
        JsonElement plain = JsonSerializer.Deserialize<JsonElement>(results[1].Text("body"));
        plain.Text("method").ShouldBe("GET");
        plain.GetProperty("headers").Text("X-Both").ShouldBe("options");
    }

    [Fact]
    public async Task Retries_follow_the_options_and_are_counted()
    {
        string[] urls = [_target.Url("flaky/retried/2"), _target.Url("flaky/given-up/9"), _target.Url("status/404")];

        string path = await _service.SubmitAsync(ServiceCalls.Batch(urls, """{"retry":{"maxRetries":2,"baseDelaySeconds":0.01,"maxDelaySeconds":0.02}}"""));
        JsonElement[] results = await _service.ResultsAsync(path);

        results.Select(result => result.Number("attempts")).ShouldBe([3, 3, 1]);
        results.Select(result => result.Text("outcome")).ShouldBe(["succeeded", "failed", "failed"]);
        _target.Hits("/flaky/given-up/9").ShouldBe(3);
        (await _service.JsonAsync(path)).Number("retries").ShouldBe(4);
    }

    [Fact]
    public async Task Statuses_to_retry_can_be_chosen()
    {
        string options = """{"retry":{"maxRetries":1,"baseDelaySeconds":0,"maxDelaySeconds":0,"statuses":[404]}}""";

        JsonElement[] results = await _service.FetchAsync([_target.Url("status/404"), _target.Url("status/500")], options);

        results.Select(result => result.Number("attempts")).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task Post_that_was_answered_is_not_sent_again()
    {
        string path = await _service.SubmitAsync($$"""{"requests":[{"url":"{{_target.Url("flaky/post/1")}}","method":"POST","body":"x"}]}""");

        JsonElement result = (await _service.ResultsAsync(path)).Single();

        result.Number("attempts").ShouldBe(1);
        result.Text("reason").ShouldBe("httpStatus");
        _target.Hits("/flaky/post/1").ShouldBe(1);
    }

    [Fact]
    public async Task Bodies_are_cut_where_the_option_says()
    {
        string[] urls = [_target.Url("bytes/99"), _target.Url("bytes/100"), _target.Url("bytes/101")];

        string path = await _service.SubmitAsync(ServiceCalls.Batch(urls, """{"maxBodyBytes":100}"""));
        JsonElement[] results = await _service.ResultsAsync(path);

        results.Select(result => (result.Number("bodyBytes"), result.GetProperty("bodyTruncated").GetBoolean())).ShouldBe([(99, false), (100, false), (100, true)]);
        (await _service.JsonAsync(path)).Number("bytes").ShouldBe(299);
    }

    [Fact]
    public async Task Large_body_is_kept_apart_byte_for_byte()
    {
        const int Size = 5_000_000;
        string path = await _service.SubmitAsync(ServiceCalls.Batch([_target.Url($"bytes/{Size}")], """{"maxBodyBytes":67108864}"""));

        JsonElement result = (await _service.ResultsAsync(path)).Single();
        byte[] body = await _service.Client.GetByteArrayAsync($"{path}/results/0/body", TestContext.Current.CancellationToken);

        result.Number("bodyBytes").ShouldBe(Size);
        body.Length.ShouldBe(Size);
        body.Select((value, i) => value == i % 251).ShouldNotContain(false);
        // Where other processes are to read it too, it is not in a file of this one.
        bool isFile = Directory.EnumerateFiles(Path.Combine(_service.Folder, "bodies"), "*", SearchOption.AllDirectories).Any();
        isFile.ShouldBe(!OnPostgreSql.IsAsked);
        (await _service.CountAsync("fetch_body_parts")).ShouldBe(OnPostgreSql.IsAsked ? 20 : 0);
        Directory.EnumerateFiles(Path.Combine(_service.Folder, "spool")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Bodies_that_are_not_to_be_stored_are_read_and_dropped()
    {
        string[] urls = [_target.Url("ok/1"), _target.Url("bytes/2000000")];
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();

        string path = await service.SubmitAsync(ServiceCalls.Batch(urls, """{"storeBodies":false,"maxBodyBytes":67108864}"""));
        JsonElement[] results = await service.ResultsAsync(path);
        using HttpResponseMessage body = await service.GetAsync($"{path}/results/1/body");

        results.Select(result => result.Text("outcome")).ShouldBe(["succeeded", "succeeded"]);
        body.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await service.CountAsync("fetch_bodies")).ShouldBe(0);
        Directory.EnumerateFiles(Path.Combine(service.Folder, "bodies"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
        Directory.EnumerateFiles(Path.Combine(service.Folder, "spool")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_in_flight_keep_to_the_limits_of_fetch_and_host()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using TargetServer other = await TargetServer.StartAsync(address: IPAddress.Parse("127.0.0.2"));
        IEnumerable<string> urls = Enumerable.Range(0, 100).SelectMany(i => (string[])[target.Url($"delay/5?{i}"), other.Url($"delay/5?{i}")]);

        JsonElement[] results = await _service.FetchAsync(urls, """{"concurrency":5,"perHost":{"concurrency":3}}""");

        results.Length.ShouldBe(200);
        target.MaxConcurrency.ShouldBeInRange(2, 3);
        other.MaxConcurrency.ShouldBeInRange(2, 3);
    }

    [Fact]
    public async Task Limits_of_the_service_hold_for_a_fetch_that_asks_for_more()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(("Fetch:MaxConcurrency", "4"), ("Fetch:HostConcurrency", "2"));
        string batch = ServiceCalls.Batch(Enumerable.Range(0, 40).Select(i => target.Url($"delay/5?{i}")), """{"concurrency":1000,"perHost":{"concurrency":500}}""");

        string[] paths = [await service.SubmitAsync(batch), await service.SubmitAsync(batch)];
        JsonElement first = await service.OverAsync(paths[0]);
        await service.OverAsync(paths[1]);

        first.At("options.concurrency").GetInt32().ShouldBe(4);
        first.At("options.perHost.concurrency").GetInt32().ShouldBe(2);
        target.MaxConcurrency.ShouldBe(2);
    }

    [Fact]
    public async Task Small_fetch_is_not_held_up_by_a_large_one()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TargetServer slow = await TargetServer.StartAsync(app => app.Map("/gate", (HttpContext context) => gate.Task.WaitAsync(context.RequestAborted)));
        string large = await _service.SubmitAsync(ServiceCalls.Batch(Enumerable.Repeat(slow.Url("gate"), 500), """{"perHost":{"concurrency":100}}"""));
        await Eventually.Until(() => slow.Running == 100);

        JsonElement[] small = await _service.FetchAsync(Enumerable.Range(0, 10).Select(i => _target.Url($"ok/{i}")));

        small.Length.ShouldBe(10);
        (await _service.JsonAsync(large)).Text("status").ShouldBe("running");
        gate.SetResult();
        (await _service.OverAsync(large)).At("counts.succeeded").GetInt32().ShouldBe(500);
    }
}
