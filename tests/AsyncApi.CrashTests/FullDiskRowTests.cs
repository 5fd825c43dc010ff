using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>Items, users and deletions on a full disk: what was accepted is there and processed, what was refused is not there.</summary>
public sealed class FullDiskRowTests
{
    private const int LeftOver = 512 * 1024;
    private const int Refusals = 3;

    private static readonly string Padding = new('x', 20_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_onAFullDisk_areRefusedOrKept()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync();
        await using RestartableService service = await RestartableService.StartAsync(disk.DataFolder);
        string removed = await service.Client.SubmitAsync(["http://127.0.0.1:9/"]);
        await service.Client.UntilOverAsync(removed);
        await disk.FillAsync(LeftOver);

        List<string> items = await PostUntilRefusedAsync(service, "/items", i => new { data = $"{i} {Padding}" });
        List<string> users = await PostUntilRefusedAsync(
            service, "/users", i => new { name = new string('n', 200), email = $"user{i}@example.com" });
        using HttpResponseMessage live = await service.Client.GetAsync(new Uri("/health/live", UriKind.Relative), Token);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        disk.MakeRoom();

        items.ShouldNotBeEmpty();
        foreach (string item in items)
        {
            await Eventually.Until(async () => (await service.Client.ReadAsync(item)).Status() == "processed");
        }

        (await CountAsync(service, "/items")).ShouldBe(items.Count);
        (await CountAsync(service, "/users")).ShouldBe(users.Count);
        using HttpResponseMessage deletion = await service.Client.DeleteAsync(new Uri(removed.Replace("/fetches/", "/jobs/", StringComparison.Ordinal), UriKind.Relative), Token);
        deletion.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.Until(async () => await StoredData.CountAsync(service.DataFolder, "fetch_requests") == 0);
        (await service.StopAsync()).ShouldBe(0);
        await StoredData.ShouldBeIntactAsync(service.DataFolder);
    }

    /// <summary>The paths of what was accepted before some were refused.</summary>
    private static async Task<List<string>> PostUntilRefusedAsync(RestartableService service, string path, Func<int, object> body)
    {
        List<string> accepted = [];
        for (int i = 0, refused = 0; refused < Refusals; i++)
        {
            using HttpResponseMessage answer = await service.Client.PostAsJsonAsync(path, body(i), Token);
            if (answer.IsSuccessStatusCode)
            {
                accepted.Add(answer.Headers.Location!.OriginalString);
                continue;
            }

            answer.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage, await answer.Content.ReadAsStringAsync(Token));
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            refused++;
        }

        return accepted;
    }

    private static async Task<int> CountAsync(RestartableService service, string path)
    {
        int count = 0;
        string? next = "";
        while (next is not null)
        {
            JsonElement page = await service.Client.ReadAsync($"{path}?limit=1000{next}");
            count += page.GetProperty("items").GetArrayLength();
            next = page.GetProperty("nextCursor").GetString() is { } cursor ? $"&cursor={cursor}" : null;
        }

        return count;
    }
}
