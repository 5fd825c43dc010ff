using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>What was answered with 202 is processed, whenever the process is killed.</summary>
public sealed class ItemKillTests
{
    private const int Clients = 16;
    private const int Kills = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_ofAProcessKilledUnderLoad_areAllProcessed()
    {
        await using RestartableService service = await RestartableService.StartAsync();
        ConcurrentDictionary<long, string> accepted = new();
        for (int kill = 1; kill <= Kills; kill++)
        {
            int enough = accepted.Count + 300;
            Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => PostUntilItDiesAsync(service.Client, $"{kill} {client}", accepted))];
            await Eventually.Until(() => accepted.Count >= enough);
            await service.KillAsync();
            await Task.WhenAll(clients);
            await service.StartAgainAsync();
        }

        foreach ((long id, string data) in accepted)
        {
            JsonElement item = default;
            await Eventually.Until(async () => (item = await service.Client.ReadAsync($"/items/{id}")).Status() == "processed");
            item.GetProperty("data").GetString().ShouldBe(data);
            item.GetProperty("result").GetProperty("length").GetInt32().ShouldBe(data.Length);
        }

        // Every row has its job and every job its row, also of those whose answer was lost.
        await Eventually.Until(async () => (await service.Client.ReadAsync("/items?status=accepted")).GetProperty("items").GetArrayLength() == 0);
        (await service.StopAsync()).ShouldBe(0);
        await StoredData.ShouldBeIntactAsync(service.DataFolder);
    }

    private static async Task PostUntilItDiesAsync(HttpClient client, string name, ConcurrentDictionary<long, string> accepted)
    {
        for (int i = 0; ; i++)
        {
            string data = $"item {name} {i}";
            try
            {
                using HttpResponseMessage answer = await client.PostAsJsonAsync("/items", new { data }, Token);
                answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
                accepted[(await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetInt64()] = data;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                return;
            }
        }
    }
}
