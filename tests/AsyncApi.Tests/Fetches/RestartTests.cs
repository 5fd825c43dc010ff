using System.Net;
using System.Text.Json;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AsyncApi.Tests.Fetches;

public class RestartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fetch_goes_on_where_it_was_and_keeps_every_result()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/gate/{id}", (HttpContext context) => gate.Task.WaitAsync(context.RequestAborted)));
        string[] urls = [.. Enumerable.Range(0, 200).Select(i => target.Url(i < 100 ? $"ok/{i}" : $"gate/{i}"))];
        string path;
        string[] before;
        await using (ServiceUnderTest service = await ServiceUnderTest.StartInAsync(_folder.Path))
        {
            path = await service.SubmitAsync(ServiceCalls.Batch(urls), headers: ("X-Request-Id", "first-life"));
            await Eventually.Until(async () => (await service.JsonAsync(path)).At("counts.succeeded").GetInt32() == 100 && target.Running == 10);
            before = await RowsAsync(service, path);
        }

        gate.SetResult();
        await using ServiceUnderTest again = await ServiceUnderTest.StartInAsync(_folder.Path);
        JsonElement fetch = await again.OverAsync(path);

        fetch.GetProperty("counts").ShouldBeJson("""{"total":200,"pending":0,"running":0,"succeeded":200,"failed":0,"cancelled":0}""");
        (await RowsAsync(again, path)).Take(100).ShouldBe(before);
        Enumerable.Range(0, 100).ShouldAllBe(i => target.Hits($"/ok/{i}") == 1);
        target.AllHits.Values.Sum().ShouldBe(210);
        JsonElement job = await again.JsonAsync(path.Replace("/fetches/", "/jobs/", StringComparison.Ordinal));
        job.Number("attempts").ShouldBe(1);
        await Eventually.Until(() => again.Log.Lines.Any(line => line.RequestId is "first-life"));
    }

    [Fact]
    public async Task Fetch_that_is_over_looks_the_same_after_a_restart()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        string path;
        string before;
        byte[] body;
        await using (ServiceUnderTest service = await ServiceUnderTest.StartInAsync(_folder.Path))
        {
            path = await service.SubmitAsync(ServiceCalls.Batch([target.Url("bytes/300000"), target.Url("status/404"), "http://127.0.0.1:1/"]));
            before = (await service.OverAsync(path)).ToString() + await service.Client.GetStringAsync($"{path}/results?include=headers", Token);
            body = await service.Client.GetByteArrayAsync($"{path}/results/0/body", Token);
        }

        await using ServiceUnderTest again = await ServiceUnderTest.StartInAsync(_folder.Path);

        ((await again.JsonAsync(path)).ToString() + await again.Client.GetStringAsync($"{path}/results?include=headers", Token)).ShouldBe(before);
        (await again.Client.GetByteArrayAsync($"{path}/results/0/body", Token)).ShouldBe(body);
    }

    [Fact]
    public async Task Cancel_that_the_stop_overtook_is_brought_to_its_end()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        string path;
        await using (ServiceUnderTest service = await ServiceUnderTest.StartInAsync(_folder.Path))
        {
            path = await service.SubmitAsync(ServiceCalls.Batch(Enumerable.Repeat(target.Url("delay/60000"), 20_000)));
            await Eventually.Until(() => target.Running > 0);
            using HttpResponseMessage cancel = await service.PostAsync($"/jobs/{path["/fetches/".Length..]}/cancel", "");
            cancel.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await using ServiceUnderTest again = await ServiceUnderTest.StartInAsync(_folder.Path);
        JsonElement fetch = await again.OverAsync(path);

        fetch.Text("status").ShouldBe("cancelled");
        fetch.At("counts.cancelled").GetInt32().ShouldBe(20_000);
    }

    [Fact]
    public async Task What_a_submission_left_is_swept_up_at_the_start()
    {
        await using (ServiceUnderTest service = await ServiceUnderTest.StartInAsync(_folder.Path))
        {
            await service.Database.WriteAsync(
                async (session, stop) =>
                {
                    const string insert = "insert into fetches (options, total, succeeded, failed, cancelled, bytes, retries) values ('{}', 0, 0, 0, 0, 0, 0)";
                    await session.Prepare(insert).ExecuteAsync(stop);
                },
                Token);
            await File.WriteAllTextAsync(Path.Combine(_folder.Path, "spool", "left"), "x", Token);
        }

        await using ServiceUnderTest again = await ServiceUnderTest.StartInAsync(_folder.Path);

        // In the background: it may be much.
        await Eventually.Until(async () => await again.CountStoredAsync() == 0);
        Directory.EnumerateFiles(Path.Combine(_folder.Path, "spool")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Held_answer_ends_with_the_service()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartInAsync(_folder.Path, ("Logging:LogLevel:Microsoft.AspNetCore", "Information"));
        string path = await service.SubmitAsync(ServiceCalls.Batch([target.Url("delay/60000")]));
        await Eventually.Until(() => target.Running == 1);

        Task<HttpResponseMessage> held = service.GetAsync(path, ("Prefer", "wait=60"));
        await Eventually.Until(() => service.Log.Lines.Any(line => line.Text.Contains("Request starting") && line.Text.Contains($"GET {service.Address}{path[1..]}")));
        service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using HttpResponseMessage answer = await held;

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.JsonAsync()).Text("status").ShouldBeOneOf("running", "queued");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<string[]> RowsAsync(ServiceUnderTest service, string path) =>
        [.. (await service.JsonAsync($"{path}/results?limit=1000")).GetProperty("items").EnumerateArray().Select(row => row.ToString())];
}
