using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>A submission is taken in whole or not at all, also when the process dies in the middle of it.</summary>
public sealed class UploadTests
{
    private const int Half = 100_000;
    private const int Chunk = 1_000;

    [Fact]
    public async Task Upload_killedInTheMiddle_leavesNothing()
    {
        await using RestartableService service = await RestartableService.StartAsync();
        using HalfUpload upload = new();
        Task<HttpResponseMessage> posting = service.Client.PostAsync(
            new Uri("/fetches", UriKind.Relative), upload, TestContext.Current.CancellationToken);
        await Eventually.Until(async () => await StoredData.CountAsync(service.DataFolder, "fetch_requests") > Half / 2);
        (await service.Client.ReadAsync("/fetches")).GetProperty("items").GetArrayLength().ShouldBe(0);

        await service.KillAsync();
        await Should.ThrowAsync<Exception>(posting);
        await service.StartAgainAsync();

        foreach (string list in (string[])["/fetches", "/jobs"])
        {
            JsonElement page = await service.Client.ReadAsync(list);
            page.GetProperty("items").GetArrayLength().ShouldBe(0, list);
        }

        foreach (string table in (string[])["fetches", "fetch_hosts", "fetch_requests", "fetch_results", "jobs"])
        {
            // In the background: it may be much, and nobody waits for it.
            await Eventually.Until(async () => await StoredData.CountAsync(service.DataFolder, table) == 0);
        }
    }

    [Fact]
    public async Task Start_afterMoreThanTheQueueOfRemovalsHolds_isNotHeldUp()
    {
        const int left = 1_100;
        await using RestartableService service = await RestartableService.StartAsync();
        (await service.StopAsync()).ShouldBe(0);
        await StoredData.ChangeAsync(
            service.DataFolder,
            $"""
            with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < {left})
            insert into fetches (options, total, succeeded, failed, cancelled, bytes, retries) select '{"{}"}', 0, 0, 0, 0, 0, 0 from numbers
            """);

        await service.StartAgainAsync();

        await Eventually.Until(async () => await StoredData.CountAsync(service.DataFolder, "fetches") < left);
    }

    [Fact]
    public async Task List_thatFillsItsLastChunk_isTakenEveryTime()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync();
        for (int post = 0; post < 5; post++)
        {
            string fetch = await service.Client.SubmitAsync(Enumerable.Range(0, Chunk).Select(i => target.Url($"ok/{i}")));
            (await service.Client.ReadAsync(fetch)).Count("total").ShouldBe(Chunk);
        }
    }

    /// <summary>Sends half of its lines, then nothing more and no end.</summary>
    private sealed class HalfUpload : HttpContent
    {
        public HalfUpload() => Headers.ContentType = new MediaTypeHeaderValue("text/uri-list");

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            StringBuilder lines = new();
            for (int i = 0; i < Half; i++)
            {
                lines.Append("http://127.0.0.1:9/").Append(i).Append('\n');
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(lines.ToString()), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
