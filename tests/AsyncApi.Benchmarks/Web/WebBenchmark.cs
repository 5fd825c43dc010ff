using System.Globalization;
using System.Net.Http.Json;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Web;

/// <summary>A route that is measured.</summary>
internal sealed record WebRoute(string Name, string Path, string? Script = null);

/// <summary>The tutorials' routes on the service and on their own servers, which take turns, all over SQLite with a durable commit.</summary>
internal static class WebBenchmark
{
    public const string Name = "web";

    private const int Seconds = 5;
    private const int Items = 1_000;

    // Each route of a server whose code is compiled while it runs needs some ten thousand requests before it is measured.
    private const int WarmUps = 2;

    private static readonly WebRoute[] Routes =
    [
        new("hello", ""),
        new("GET one", "items/1", "get_one.lua"),
        new("GET 50", "items?limit=50"),
        new("POST", "items", "post.lua"),
    ];

    public static async Task RunAsync(int rounds, CancellationToken token)
    {
        Console.WriteLine($"\n{Name}: wrk with 32 connections, rounds of {Seconds} s, {rounds} of them after {WarmUps} to warm up");
        using TempFolder data = new();
        await using WebServer service = await WebServer.StartServiceAsync(data, token);
        await using WebServer bare = await WebServer.StartBareAsync(data, token);
        await using WebServer fastApi = await WebServer.StartPythonAsync("FastAPI", "fastapi_server.py", data, token);
        await using WebServer aiohttp = await WebServer.StartPythonAsync("aiohttp", "aiohttp_server.py", data, token);
        WebServer[] servers = [service, bare, aiohttp, fastApi];
        foreach (WebServer server in servers)
        {
            await FillAsync(server, token);
        }

        Dictionary<(WebServer, WebRoute), List<WebRound>> measured = servers.SelectMany(server => Routes.Select(route => (server, route)))
            .ToDictionary(pair => pair, _ => new List<WebRound>());
        foreach (WebRoute route in Routes)
        {
            for (int round = 1 - WarmUps; round <= rounds; round++)
            {
                foreach (WebServer server in servers)
                {
                    WebRound result = await Wrk.RunAsync(server, route, Seconds, token);
                    await DrainAsync(service, token);
                    if (round > 0)
                    {
                        measured[(server, route)].Add(result);
                    }
                }
            }
        }

        Print(servers, measured);
    }

    private static async Task FillAsync(WebServer server, CancellationToken token)
    {
        using HttpClient client = new() { BaseAddress = server.Address };
        for (int i = 0; i < Items; i++)
        {
            using HttpResponseMessage answer = await client.PostAsJsonAsync("items", new { name = "greeting", data = "The quick brown fox jumps over the lazy dog." }, token);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Nobody is measured while the service still works on what was posted.</summary>
    private static async Task DrainAsync(WebServer service, CancellationToken token)
    {
        using HttpClient client = new() { BaseAddress = service.Address };
        string[] open = ["accepted", "processing"];
        await Eventually.Until(
            async () => (await Task.WhenAll(open.Select(status => client.GetStringAsync($"items?limit=1&status={status}", token))))
                .All(page => page.StartsWith("{\"items\":[]", StringComparison.Ordinal)),
            TimeSpan.FromMinutes(2), "everything is processed");
    }

    private static void Print(WebServer[] servers, Dictionary<(WebServer, WebRoute), List<WebRound>> measured)
    {
        Console.WriteLine($"\n| requests/s (p99 ms; processor µs a request) | {string.Join(" | ", Routes.Select(route => route.Name))} |\n|---|--:|--:|--:|--:|");
        foreach (WebServer server in servers)
        {
            IEnumerable<string> cells = Routes.Select(route => measured[(server, route)]).Select(rounds => string.Create(
                CultureInfo.InvariantCulture,
                $"{rounds.Median(round => round.RequestsPerSecond):0} ({rounds.Median(round => round.Milliseconds99):0.#}; {rounds.Median(round => round.ProcessorMicroseconds):0})"));
            Console.WriteLine($"| {server.Name} | {string.Join(" | ", cells)} |");
        }
    }
}
