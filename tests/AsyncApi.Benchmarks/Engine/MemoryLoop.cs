using System.Globalization;
using AsyncApi.Fetching;

namespace AsyncApi.Benchmarks.Engine;

/// <summary>The inside of <see cref="MemoryBenchmark"/>: requests are made as they are read, as from a database.</summary>
internal static class MemoryLoop
{
    public const string Command = "memory-loop";
    public const int Requests = 1_000_000;
    public const int Hosts = 10_000;
    public const int Waiting = 5_000;

    public static async Task<int> RunAsync(string[] args, CancellationToken token)
    {
        await using FetchEngine engine = new(new FetchEngineOptions { AddressPolicy = Loopback.Policy });
        await Worker.ServeAsync(() => RunAsync(engine, int.Parse(args[1], CultureInfo.InvariantCulture), token), token);
        return 0;
    }

    private static async Task<string?> RunAsync(FetchEngine engine, int port, CancellationToken token)
    {
        TimeSpan hours = TimeSpan.FromHours(10);
        FetchOptions options = new() { Concurrency = 500, Retry = new RetryOptions { BaseDelay = hours, MaxDelay = hours } };
        await using FetchRun run = engine.Start(new ManyHosts(port), options);
        int right = 0;
        // What a busy machine failed to connect to waits like the rest.
        while (right + run.Retrying < Requests && await run.WaitToReadAsync(token))
        {
            while (run.TryRead(out FetchResult? result))
            {
                right += result.Outcome == FetchOutcome.Succeeded ? 1 : 0;
                result.Dispose();
            }
        }

        return run.Retrying is >= Waiting and < Waiting + (Waiting / 10) ? null : $"{run.Retrying} wait for a retry, {right} succeeded";
    }

    /// <summary>Each host has a hundred requests; the first of every other host is told to come back later.</summary>
    private sealed class ManyHosts(int port) : IFetchSource
    {
        private const int Each = Requests / Hosts;

        private readonly Dictionary<HostKey, (int Number, int Read)> _places = [];
        private int _read;

        public ValueTask<IReadOnlyList<FetchHost>> ReadHostsAsync(int max, CancellationToken token)
        {
            List<FetchHost> hosts = [];
            for (; hosts.Count < max && _read < Hosts; _read++)
            {
                HostKey host = new("http", $"127.{(_read / 65_025) + 1}.{_read / 255 % 255}.{(_read % 255) + 1}", port);
                lock (_places)
                {
                    _places.Add(host, (_read, 0));
                }

                hosts.Add(new FetchHost(host, Each));
            }

            return new(hosts);
        }

        public ValueTask<IReadOnlyList<FetchRequest>> ReadRequestsAsync(HostKey host, int max, CancellationToken token)
        {
            (int number, int read) = PlaceOf(host);
            List<FetchRequest> requests = [];
            for (; requests.Count < max && read < Each; read++)
            {
                bool isBusy = read == 0 && number % (Hosts / Waiting) == 0;
                requests.Add(new FetchRequest((number * Each) + read, new Uri($"{host}/{(isBusy ? "busy" : "ok")}")));
            }

            lock (_places)
            {
                _places[host] = (number, read);
            }

            return new(requests);
        }

        private (int Number, int Read) PlaceOf(HostKey host)
        {
            lock (_places)
            {
                return _places[host];
            }
        }
    }
}
