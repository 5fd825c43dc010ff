using System.Net;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>A full disk is somebody's to mend, not the end of a fetch: what has come is held, and goes on when there is room.</summary>
public sealed class FullDiskTests
{
    private const int Requests = 80;
    private const int LeftOver = 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(50_000)] // Kept in rows.
    [InlineData(80_000)] // Kept in files.
    public async Task Fetch_onAFullDisk_isHeldUntilThereIsRoom(int bodySize)
    {
        await using SmallDisk disk = await SmallDisk.MountAsync();
        await using TargetServer target = await TargetServer.StartAsync();
        await using RestartableService service = await RestartableService.StartAsync(disk.DataFolder);
        await disk.FillAsync(LeftOver);

        string fetch = await service.Client.SubmitAsync(Enumerable.Range(0, Requests).Select(i => target.Url($"bytes/{bodySize}?{i}")));
        await Eventually.Until(() => service.Life.Output.Contains("waits: The storage is full", StringComparison.Ordinal));
        await ShouldRefuseAsync(service, target);
        JsonElement held = await service.Client.ReadAsync(fetch);
        held.Status().ShouldBe("running");
        held.Count("failed").ShouldBe(0);
        held.Count("succeeded").ShouldBeLessThan(Requests);
        held.ShouldAddUp();

        disk.MakeRoom();

        JsonElement over = await service.Client.UntilOverAsync(fetch);
        over.Status().ShouldBe("completed");
        over.Count("succeeded").ShouldBe(Requests, over.GetRawText());
        over.GetProperty("bytes").GetInt64().ShouldBe((long)Requests * bodySize);
        target.Hits($"/bytes/{bodySize}").ShouldBe(Requests);
        await ShouldHoldAsync(service, fetch, bodySize);
        (await service.Client.UntilOverAsync(await service.Client.SubmitAsync([target.Url("ok/1")]))).Status().ShouldBe("completed");
        (await service.StopAsync()).ShouldBe(0);
        await StoredData.ShouldBeIntactAsync(service.DataFolder);
    }

    private static async Task ShouldHoldAsync(RestartableService service, string fetch, int bodySize)
    {
        byte[] sent = [.. Enumerable.Range(0, bodySize).Select(i => (byte)(i % 251))];
        for (int index = 0; index < Requests; index++)
        {
            byte[] body = await service.Client.GetByteArrayAsync(new Uri($"{fetch}/results/{index}/body", UriKind.Relative), Token);
            body.AsSpan().SequenceEqual(sent).ShouldBeTrue($"body {index}");
        }
    }

    /// <summary>A submission that does not fit is refused as a whole, in words that say why.</summary>
    private static async Task ShouldRefuseAsync(RestartableService service, TargetServer target)
    {
        string padding = new('x', 500);
        using StringContent large = new(
            string.Join('\n', Enumerable.Range(0, 10_000).Select(i => target.Url($"ok/{i}?{padding}"))), Encoding.UTF8, "text/uri-list");
        using HttpResponseMessage answer = await service.Client.PostAsync(new Uri("/fetches?label=large", UriKind.Relative), large, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage, await answer.Content.ReadAsStringAsync(Token));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await service.Client.ReadAsync("/fetches?label=large")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }
}
