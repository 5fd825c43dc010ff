using AsyncApi.Fetching.Tests.Guard;

namespace AsyncApi.Fetching.Tests;

/// <summary>Engines that may reach this machine, and short ways to ask them for something.</summary>
internal static class Loopback
{
    public static readonly RetryOptions NoRetries = new() { MaxRetries = 0 };

    /// <summary>Waits of no time between attempts.</summary>
    public static readonly RetryOptions QuickRetries = new() { BaseDelay = TimeSpan.Zero };

    public static readonly FetchEngineOptions EngineOptions = new() { AddressPolicy = Policies.Allowing("127.0.0.0/8") };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static FetchEngine Engine(FetchEngineOptions? options = null, TimeProvider? time = null) =>
        new((options ?? EngineOptions) with { AddressPolicy = EngineOptions.AddressPolicy }, time, new Random(1));

    public static FetchRequest Get(string url, int index = 0) => new(index, new Uri(url));

    public static FetchRequest Post(string url, string body, params (string Name, string Value)[] headers) => new(0, new Uri(url))
    {
        Method = HttpMethod.Post,
        Body = System.Text.Encoding.UTF8.GetBytes(body),
        Headers = Headers(headers),
    };

    public static FetchHeaders Headers(params (string Name, string Value)[] headers) =>
        FetchHeaders.Of(headers.Select(header => KeyValuePair.Create(header.Name, header.Value)));

    public static Task<FetchResult> OneAsync(this FetchEngine engine, string url, FetchOptions? options = null) => engine.OneAsync(Get(url), options);

    public static async Task<FetchResult> OneAsync(this FetchEngine engine, FetchRequest request, FetchOptions? options = null) =>
        (await engine.GatherAsync([request], options, Token)).ShouldHaveSingleItem();

    public static async Task<List<FetchResult>> AllAsync(this FetchEngine engine, IEnumerable<FetchRequest> requests, FetchOptions? options = null)
    {
        List<FetchResult> results = [];
        await foreach (FetchResult result in engine.FetchAsync(requests, options, Token))
        {
            results.Add(result);
        }

        return results;
    }

    public static string Text(this FetchResult result) => System.Text.Encoding.UTF8.GetString(result.Body.Memory.Span);
}
