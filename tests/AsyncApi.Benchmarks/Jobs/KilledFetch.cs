using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AsyncApi.Benchmarks.Submission;
using AsyncApi.TestSupport;

namespace AsyncApi.Benchmarks.Jobs;

/// <summary>How soon the service works again after a kill under a fetch that has nearly all before it.</summary>
internal static class KilledFetch
{
    private const int Requests = 100_000;
    private const int Concurrency = 50;

    public static async Task MeasureAsync(CancellationToken token)
    {
        using TempFolder data = new();
        // It takes connections and answers nothing, so that every request is pending.
        using TcpListener target = new(IPAddress.Loopback, 0);
        target.Start();
        List<Socket> accepted;
        await using (NoOpService service = await NoOpService.StartAsync(data, token))
        {
            await SubmitAsync(service, (IPEndPoint)target.LocalEndpoint, token);
            accepted = await AcceptAsync(target, Concurrency, token);
        }

        accepted.ForEach(connection => connection.Dispose());
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        long ticks = Stopwatch.GetTimestamp();
        Task<double> resumed = ResumedAsync(target, ticks, token);
        await using NoOpService again = await NoOpService.StartAsync(data, token);
        double answered = Stopwatch.GetElapsedTime(ticks).TotalSeconds;
        Guid job = await again.PostAsync(token);
        await again.OverAsync(job, token);
        double ran = (await again.RanAsync(job, token) - start).TotalSeconds;
        double sent = await resumed;
        Console.WriteLine($"\nFrom the start of the process, with {Requests} pending requests of one fetch that was running\n");
        Console.WriteLine("| s until | it answers | a new job runs | the fetch sends again |\n|---|--:|--:|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| | {answered:0.00} | {ran:0.00} | {sent:0.00} |"));
    }

    private static async Task SubmitAsync(NoOpService service, IPEndPoint target, CancellationToken token)
    {
        CompositeFormat line = CompositeFormat.Parse($"http://{target}/{{0}}\r\n");
        using LinesContent list = new("text/uri-list", Requests, line);
        string path = string.Create(CultureInfo.InvariantCulture, $"/fetches?concurrency={Concurrency}&perHost.concurrency={Concurrency}");
        using HttpResponseMessage answer = await service.Client.PostAsync(new Uri(path, UriKind.Relative), list, token);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<double> ResumedAsync(TcpListener target, long start, CancellationToken token)
    {
        using Socket first = (await AcceptAsync(target, 1, token))[0];
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The caller keeps them: one that is collected is closed, and its request fails.</summary>
    private static async Task<List<Socket>> AcceptAsync(TcpListener target, int connections, CancellationToken token)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(token);
        late.CancelAfter(TimeSpan.FromMinutes(1));
        List<Socket> accepted = [];
        while (accepted.Count < connections)
        {
            accepted.Add(await target.AcceptSocketAsync(late.Token));
        }

        return accepted;
    }
}
