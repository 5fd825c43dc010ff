using System.Net;
using System.Text;
using System.Text.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.CrashTests;

/// <summary>What the tests ask of the service's API, as any client would.</summary>
internal static class FetchCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Posts a list of URLs, one a line; gives the path of the fetch.</summary>
    public static async Task<string> SubmitAsync(this HttpClient client, IEnumerable<string> urls, string query = "")
    {
        using StringContent lines = new(string.Join('\n', urls), Encoding.UTF8, "text/uri-list");
        using HttpResponseMessage answer = await client.PostAsync(new Uri("/fetches" + query, UriKind.Relative), lines, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Token));
        return answer.Headers.Location!.OriginalString;
    }

    public static async Task<JsonElement> ReadAsync(this HttpClient client, string path)
    {
        await using Stream body = await client.GetStreamAsync(new Uri(path, UriKind.Relative), Token);
        using JsonDocument document = await JsonDocument.ParseAsync(body, cancellationToken: Token);
        return document.RootElement.Clone();
    }

    /// <summary>The fetch once it is over.</summary>
    public static async Task<JsonElement> UntilOverAsync(this HttpClient client, string fetch)
    {
        JsonElement seen = default;
        await Eventually.Until(
            async () =>
            {
                seen = await client.ReadAsync(fetch);
                return seen.GetProperty("finishedAt").ValueKind != JsonValueKind.Null;
            },
            Patience, $"{fetch} is over");
        return seen;
    }

    /// <summary>All results by the stream, from the first to the end record.</summary>
    public static async Task<ResumingReader> ReadAllAsync(this HttpClient client, string fetch)
    {
        ResumingReader reader = new(fetch);
        (await reader.FollowAsync(client)).ShouldBeTrue("the stream must come to its end record");
        return reader;
    }

    public static async Task CancelAsync(this HttpClient client, string fetch)
    {
        Uri cancel = new(fetch.Replace("/fetches/", "/jobs/", StringComparison.Ordinal) + "/cancel", UriKind.Relative);
        using HttpResponseMessage answer = await client.PostAsync(cancel, null, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>What <c>/health/ready</c> says.</summary>
    public static async Task<bool> IsReadyAsync(this HttpClient client)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Token);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    public static int Count(this JsonElement fetch, string name) => fetch.GetProperty("counts").GetProperty(name).GetInt32();

    public static string? Status(this JsonElement fetch) => fetch.GetProperty("status").GetString();

    /// <summary>Holds the promise that the five counts add up, at whatever moment.</summary>
    public static void ShouldAddUp(this JsonElement fetch)
    {
        int sum = fetch.Count("pending") + fetch.Count("running") + fetch.Count("succeeded") + fetch.Count("failed") + fetch.Count("cancelled");
        sum.ShouldBe(fetch.Count("total"), fetch.GetRawText());
    }
}
