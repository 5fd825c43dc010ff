using System.Net;
using System.Text.Json;
using AsyncApi.Schedules;
using AsyncApi.Storage;
using AsyncApi.Tests.Fetches;
using AsyncApi.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Schedules;

/// <summary>What a client does with schedules, in one line each, and what time does to them.</summary>
internal static class ScheduleCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A schedule that never falls due by itself while a test runs.</summary>
    public static string Body(string url, string more = "", string cron = "0 0 29 2 *") =>
        $$"""{"cron":"{{cron}}","fetch":{"urls":["{{url}}"]}{{more}}}""";

    public static async Task<string> AddScheduleAsync(this ServiceUnderTest service, string body)
    {
        using HttpResponseMessage answer = await service.PostAsync("/schedules", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Token));
        return answer.Headers.Location!.ToString();
    }

    public static async Task<JsonElement> ReplaceScheduleAsync(this ServiceUnderTest service, string path, string body)
    {
        using HttpResponseMessage answer = await service.PutAsync(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Token));
        return await answer.JsonAsync();
    }

    /// <summary>Lets a schedule have been due for a while.</summary>
    public static async Task LetItBeDueAsync(this ServiceUnderTest service, string path, TimeSpan ago = default)
    {
        Guid id = Guid.Parse(path["/schedules/".Length..]);
        await service.Database.WriteAsync(
            async (session, stop) =>
            {
                Statement update = session.Prepare("update schedules set next_run_at = ?1 where id = ?2");
                update.BindTime(1, TimeProvider.System.GetUtcNow() - ago);
                update.BindGuid(2, id);
                (await update.ExecuteAsync(stop)).ShouldBe(1);
            },
            Token);
        service.Services.GetRequiredService<ScheduleLoop>().Wake();
    }

    /// <summary>Lets the disk be full at so many pages, or at as many as there are.</summary>
    public static Task SetMostPagesAsync(this ServiceUnderTest service, int pages) => service.Database.WriteAsync(
        async (session, stop) =>
        {
            Statement pragma = session.Prepare($"pragma max_page_count = {pages}");
            await pragma.StepAsync(stop);
            await pragma.ResetAsync();
        },
        Token);

    public static async Task<JsonElement[]> FetchesAsync(this ServiceUnderTest service, string label) =>
        [.. (await service.JsonAsync($"/fetches?label={label}")).GetProperty("items").EnumerateArray()];
}
