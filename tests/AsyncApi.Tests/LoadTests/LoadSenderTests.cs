using AsyncApi.Fetching;
using AsyncApi.LoadTests;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Tests.LoadTests;

/// <summary>What goes out and what comes back, over real sockets.</summary>
public sealed class LoadSenderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_goes_out_as_it_was_asked_for()
    {
        string seen = "";
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/seen", async context =>
        {
            using StreamReader body = new(context.Request.Body);
            seen = $"{context.Request.Method} {context.Request.ContentType} {context.Request.Headers["X-A"]} {context.Request.Headers["X-Request-Id"]} "
                + $"{context.Request.Headers.UserAgent} {await body.ReadToEndAsync(context.RequestAborted)}";
        }));
        LoadPlan plan = Plan(target.Url("seen")) with
        {
            Method = "PUT",
            Headers = new Dictionary<string, string> { ["Content-Type"] = "text/plain", ["X-A"] = "1" },
            Body = "some text"u8.ToArray(),
        };
        using LoadSender sender = new(plan, "request-7", TimeProvider.System);

        (await sender.SendAsync(Token)).ShouldBe(new LoadAnswer(200, 0));

        seen.ShouldBe("PUT text/plain 1 request-7 AsyncApi/0.1 some text");
    }

    [Theory]
    [InlineData("bytes/100000", 200, 100_000)]
    [InlineData("status/503", 503, 0)]
    [InlineData("redirect/3", 302, 0)]
    public async Task Answer_is_counted_to_its_last_byte_and_no_redirect_is_followed(string path, int status, long bytes)
    {
        await using TargetServer target = await TargetServer.StartAsync();
        using LoadSender sender = new(Plan(target.Url(path)), "id", TimeProvider.System);

        (await sender.SendAsync(Token)).ShouldBe(new LoadAnswer(status, bytes));

        target.TotalHits.ShouldBe(1);
    }

    [Fact]
    public async Task Connections_are_used_again()
    {
        HashSet<string> connections = [];
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/seen", context =>
        {
            lock (connections)
            {
                connections.Add(context.Connection.Id);
            }

            return context.Response.WriteAsync("body", context.RequestAborted);
        }));
        using LoadSender sender = new(Plan(target.Url("seen")), "id", TimeProvider.System);

        for (int i = 0; i < 20; i++)
        {
            await sender.SendAsync(Token);
        }

        connections.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Answer_that_breaks_off_is_none()
    {
        await using TargetServer target = await TargetServer.StartAsync(app => app.Map("/cut", async context =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("half", context.RequestAborted);
            context.Abort();
        }));
        using LoadSender sender = new(Plan(target.Url("cut")), "id", TimeProvider.System);

        (await sender.SendAsync(Token)).ShouldBe(new LoadAnswer(0, 0, FetchReason.Protocol));
    }

    [Fact]
    public async Task Closed_port_and_unknown_name_have_their_reasons()
    {
        using LoadSender closed = new(Plan($"http://127.0.0.1:{LoopbackPort.Free()}/"), "id", TimeProvider.System);
        using LoadSender nameless = new(Plan("http://nowhere.invalid/"), "id", TimeProvider.System);

        (await closed.SendAsync(Token)).Reason.ShouldBe(FetchReason.Connect);
        (await nameless.SendAsync(Token)).Reason.ShouldBe(FetchReason.Dns);
    }

    [Fact]
    public async Task Request_has_ten_seconds()
    {
        ManualTime time = new();
        await using TargetServer target = await TargetServer.StartAsync();
        using LoadSender sender = new(Plan(target.Url("delay/60000")), "id", time);
        Task<LoadAnswer> sending = sender.SendAsync(Token).AsTask();
        await Eventually.Until(() => target.Running == 1);

        time.Advance(LoadSender.Timeout - TimeSpan.FromTicks(1));
        sending.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromTicks(1));

        (await sending).ShouldBe(new LoadAnswer(0, 0, FetchReason.Timeout));
        await Eventually.Until(() => target.Aborted == 1);
    }

    private static LoadPlan Plan(string url) => new() { Url = url, Requests = 1, Concurrency = 1, DurationSeconds = 60 };
}
