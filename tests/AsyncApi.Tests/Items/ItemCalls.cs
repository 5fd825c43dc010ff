using System.Net;
using System.Text.Json;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Items;

/// <summary>What a client does with items, in one line each.</summary>
internal static class ItemCalls
{
    /// <summary>Keeps the only slot of a service that runs one job at a time, until the job is cancelled: what comes after it waits.</summary>
    public static async Task<string> HoldTheSlotAsync(this ServiceUnderTest service, TargetServer target)
    {
        string fetch = await service.SubmitAsync(ServiceCalls.Batch([target.Url("delay/60000")]));
        await Eventually.Until(() => target.Running == 1);
        return $"/jobs/{fetch["/fetches/".Length..]}/cancel";
    }

    public static async Task<string> AddItemAsync(this ServiceUnderTest service, string data, string? name = null)
    {
        using HttpResponseMessage answer = await service.PostAsync("/items", Body(data, name));
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return answer.Headers.Location!.ToString();
    }

    /// <summary>The item once it is processed or has failed.</summary>
    public static async Task<JsonElement> ItemOverAsync(this ServiceUnderTest service, string path)
    {
        JsonElement item = default;
        await Eventually.Until(async () =>
        {
            item = await service.JsonAsync(path);
            return item.Text("status") is "processed" or "failed";
        });
        return item;
    }

    public static string Body(string data, string? name = null) => JsonSerializer.Serialize(new { name, data });

    /// <summary>The body of an answer after its status.</summary>
    public static async Task<JsonElement> ShouldBeAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await sending;
        answer.StatusCode.ShouldBe(status);
        return status == HttpStatusCode.NoContent ? default : await answer.JsonAsync();
    }
}
