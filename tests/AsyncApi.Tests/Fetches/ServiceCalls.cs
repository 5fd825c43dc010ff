using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;

namespace AsyncApi.Tests.Fetches;

/// <summary>What a client does, in one line each.</summary>
internal static class ServiceCalls
{
    private const string Json = "application/json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<HttpResponseMessage> PostAsync(
        this ServiceUnderTest service, string path, string body, string contentType = Json, params (string Name, string Value)[] headers) =>
        service.PostAsync(path, new StringContent(body), contentType, headers);

    /// <summary>
    /// For a body that is refused for its length: sent unasked, it would run into a connection that the service has closed, and the
    /// answer might not be seen.
    /// </summary>
    public static (string Name, string Value) AskingFirst => ("Expect", "100-continue");

    public static async Task<HttpResponseMessage> PostAsync(
        this ServiceUnderTest service, string path, HttpContent content, string contentType, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = content };
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    public static async Task<HttpResponseMessage> PatchAsync(this ServiceUnderTest service, string path, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Patch, path) { Content = new StringContent(body, Encoding.UTF8, Json) };
        return await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    public static async Task<HttpResponseMessage> GetAsync(this ServiceUnderTest service, string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    public static async Task<JsonElement> JsonAsync(this ServiceUnderTest service, string path)
    {
        using HttpResponseMessage answer = await service.GetAsync(path, ("Accept", Json));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Token));
        return await answer.JsonAsync();
    }

    /// <summary>Submits and returns the fetch's path.</summary>
    public static async Task<string> SubmitAsync(
        this ServiceUnderTest service, string body, string contentType = Json, string query = "", params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage answer = await service.PostAsync("/fetches" + query, body, contentType, headers);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Token));
        return answer.Headers.Location!.ToString();
    }

    /// <summary>A submission of URLs with options, as JSON.</summary>
    public static string Batch(IEnumerable<string> urls, string options = "{}", string more = "") =>
        $$"""{"urls":{{JsonSerializer.Serialize(urls)}},"options":{{options}}{{more}}}""";

    /// <summary>The fetch once it is over.</summary>
    public static async Task<JsonElement> OverAsync(this ServiceUnderTest service, string path)
    {
        using HttpResponseMessage answer = await service.GetAsync(path, ("Prefer", "wait=60"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonElement fetch = await answer.JsonAsync();
        fetch.GetProperty("finishedAt").ValueKind.ShouldBe(JsonValueKind.String, $"{fetch}\n{service.Log.Errors}");
        return fetch;
    }

    /// <summary>All results in the order of the submission, once the fetch is over.</summary>
    public static async Task<JsonElement[]> ResultsAsync(this ServiceUnderTest service, string path, string more = "")
    {
        await service.OverAsync(path);
        JsonElement page = await service.JsonAsync($"{path}/results?order=submission&limit=1000{more}");
        return [.. page.GetProperty("items").EnumerateArray()];
    }

    /// <summary>The results of one submission of these URLs.</summary>
    public static async Task<JsonElement[]> FetchAsync(this ServiceUnderTest service, IEnumerable<string> urls, string options = "{}", string more = "") =>
        await service.ResultsAsync(await service.SubmitAsync(Batch(urls, options)), more);

    /// <summary>Asserts a validation problem and returns all faults as <c>path: message</c>.</summary>
    public static async Task<string[]> ShouldBeFaultsAsync(this HttpResponseMessage answer)
    {
        JsonElement problem = await answer.ShouldBeProblemAsync(ProblemTypes.Validation);
        return [.. problem.GetProperty("errors").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateArray().Select(message => $"{path.Name}: {message.GetString()}"))];
    }

    /// <summary>Equal as JSON: neither blanks nor the order of members count.</summary>
    public static void ShouldBeJson(this JsonElement actual, string expected) =>
        JsonElement.DeepEquals(actual, JsonSerializer.Deserialize<JsonElement>(expected)).ShouldBeTrue(actual.ToString());

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static int Number(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    /// <summary>The member below members, with dots between.</summary>
    public static JsonElement At(this JsonElement element, string path) =>
        path.Split('.').Aggregate(element, (inner, name) => inner.GetProperty(name));

    /// <summary>A JSON object with one member at a dotted path.</summary>
    public static string Nested(string path, string value)
    {
        JsonNode node = JsonNode.Parse(value)!;
        foreach (string name in path.Split('.').Reverse())
            node = new JsonObject { [name] = node };
        return node.ToJsonString();
    }

    public static StringBuilder Lines(int count, Func<int, string> line)
    {
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
            text.Append(line(i)).Append('\n');
        return text;
    }
}
