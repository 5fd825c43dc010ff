using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AsyncApi.Fetching.Tests;

public sealed class BodyTests : IAsyncLifetime
{
    private readonly TempFolder _spool = new();
    private TargetServer _target = null!;

    public async ValueTask InitializeAsync() => _target = await TargetServer.StartAsync(static app =>
    {
        app.Map("/chunked/{n:int}", static async (HttpContext context, int n) =>
        {
            for (int sent = 0; sent < n; sent += 1000)
            {
                await context.Response.Body.WriteAsync(Pattern(sent, Math.Min(1000, n - sent)), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        app.Map("/empty-gzip/{code:int}", static (HttpContext context, int code) =>
        {
            context.Response.StatusCode = code;
            context.Response.Headers.ContentEncoding = "gzip";
        });
        app.Map("/half/{n:int}", static async (HttpContext context, int n) =>
        {
            context.Response.ContentLength = 2 * n;
            await context.Response.Body.WriteAsync(Pattern(0, n), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
    });

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        _spool.Dispose();
    }

    [Theory]
    [InlineData(999, 999, false)]
    [InlineData(1000, 1000, false)]
    [InlineData(1001, 1000, true)]
    [InlineData(0, 0, false)]
    [InlineData(5000, 1000, true)]
    public async Task Body_is_kept_up_to_the_cap(int sent, int kept, bool truncated)
    {
        foreach (string path in new[] { $"bytes/{sent}", $"chunked/{sent}" })
        {
            FetchResult result = await OneAsync(path, cap: 1000);

            (result.Outcome, result.Body.Length, result.Body.Truncated).ShouldBe((FetchOutcome.Succeeded, kept, truncated));
            result.Body.Memory.ToArray().ShouldBe(Pattern(0, kept));
        }
    }

    [Fact]
    public async Task Body_is_not_read_under_a_cap_of_none()
    {
        FetchResult result = await OneAsync("bytes/1000", cap: 0);

        (result.Outcome, result.Body.Length).ShouldBe((FetchOutcome.Succeeded, 0));
    }

    [Theory]
    [InlineData(65_535, false)]
    [InlineData(65_536, false)]
    [InlineData(65_537, true)]
    [InlineData(3_000_000, true)]
    public async Task Body_over_the_threshold_goes_to_a_file(int sent, bool toFile)
    {
        foreach (string path in new[] { $"bytes/{sent}", $"chunked/{sent}" })
        {
            FetchResult result = await OneAsync(path, cap: 10_000_000, spools: true);

            (result.Outcome, result.Body.Length, result.Body.File is not null).ShouldBe((FetchOutcome.Succeeded, sent, toFile));
            byte[] bytes = result.Body.File is { } file ? await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken) : result.Body.Memory.ToArray();
            bytes.AsSpan().SequenceEqual(Pattern(0, sent)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Body_in_a_file_is_cut_at_the_cap()
    {
        FetchResult result = await OneAsync("chunked/300000", cap: 200_000, spools: true);

        (result.Body.Length, result.Body.Truncated).ShouldBe((200_000, true));
        new FileInfo(result.Body.File!).Length.ShouldBe(200_000);
    }

    [Theory]
    [InlineData("bytes/3000000")]
    [InlineData("chunked/3000000")]
    public async Task Body_stays_in_memory_without_a_folder(string path)
    {
        FetchResult result = await OneAsync(path, cap: 10_000_000);

        result.Reason.ShouldBe(FetchReason.None, result.Message);
        result.Body.Memory.Span.SequenceEqual(Pattern(0, 3_000_000)).ShouldBeTrue();
    }

    [Fact]
    public async Task File_of_a_body_that_breaks_off_is_removed()
    {
        FetchResult result = await OneAsync("half/300000", cap: 10_000_000, spools: true);

        result.Reason.ShouldBe(FetchReason.Protocol);
        Directory.GetFiles(_spool.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("HEAD", "bytes/1000", 200)]
    [InlineData("HEAD", "empty-gzip/200", 200)]
    [InlineData("GET", "status/204", 204)]
    [InlineData("GET", "empty-gzip/304", 304)]
    [InlineData("GET", "empty-gzip/200", 200)]
    public async Task Answer_without_a_body_has_none(string method, string path, int status)
    {
        await using FetchEngine engine = Loopback.Engine();

        FetchResult result = await engine.OneAsync(Loopback.Get(_target.Url(path)) with { Method = new HttpMethod(method) });

        (result.Reason, result.Status, result.Body.Length).ShouldBe((FetchReason.None, status, 0));
    }

    [Fact]
    public async Task Files_of_attempts_that_are_tried_again_and_of_results_nobody_reads_are_removed()
    {
        await using TargetServer failing = await TargetServer.StartAsync(static app => app.Map("/fail", static async context =>
        {
            context.Response.StatusCode = 500;
            await context.Response.Body.WriteAsync(Pattern(0, 200_000), context.RequestAborted);
        }));
        await using FetchEngine engine = Loopback.Engine(Loopback.EngineOptions with { SpoolFolder = _spool.Path });

        FetchRun run = engine.Start(new ListSource([Loopback.Get(failing.Url("fail"))]), new FetchOptions { Retry = Loopback.QuickRetries });
        (await run.WaitToReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();

        failing.Hits("/fail").ShouldBe(4);
        Directory.GetFiles(_spool.Path).Length.ShouldBe(1);
        await run.DisposeAsync();
        Directory.GetFiles(_spool.Path).ShouldBeEmpty();
    }

    private async Task<FetchResult> OneAsync(string path, long cap, bool spools = false)
    {
        await using FetchEngine engine = Loopback.Engine(Loopback.EngineOptions with { SpoolFolder = spools ? _spool.Path : null });
        return await engine.OneAsync(_target.Url(path), new FetchOptions { MaxBodyBytes = cap, Retry = Loopback.NoRetries });
    }

    private static byte[] Pattern(int from, int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)((from + i) % 251);
        }

        return bytes;
    }
}
