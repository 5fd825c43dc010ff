using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AsyncApi.Benchmarks.Readers;

/// <summary>
/// The inside of the readers' process: all of them in one thread, on raw connections, since a client library would need more of the
/// processor for its reading than the service does for its sending.
/// </summary>
internal static class StreamReading
{
    public const string Command = "read-streams";
    public const string Ready = "ready";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Over loopback the sender's call also wakes whoever waits for what it sends. Who looks now and then is not waited for: a reader elsewhere
    // would cost the sender nothing either.
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(1);

    /// <summary>Arguments: the service, the path, the form, how many readers, and how many results they are to see.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken token)
    {
        (Uri service, string path, string form) = (new Uri(args[1]), args[2], args[3]);
        (int count, int results) = (int.Parse(args[4], CultureInfo.InvariantCulture), int.Parse(args[5], CultureInfo.InvariantCulture));
        StreamProgress[] readers = [.. Enumerable.Range(0, count).Select(_ => new StreamProgress(form == "text/event-stream"))];
        TimeSpan processor;
        using (KernelSockets sockets = await ConnectAsync(service, path, form, count, token))
        {
            ReadUntil(sockets, readers, static reader => reader.Started);
            Console.WriteLine(Ready);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            ReadUntil(sockets, readers, static reader => reader.Ended);
            processor = Environment.CpuUsage.TotalTime - before;
        }

        // The end record is one more.
        if (readers.FirstOrDefault(reader => reader.Marks[^1].Records != results + 1) is { } wrong)
            throw new InvalidOperationException($"A reader saw {wrong.Marks[^1].Records} records of {results} results and an end.");
        ResultTimes times = await ReadTimesAsync(service, path, results, token);
        Console.WriteLine(JsonSerializer.Serialize(LineDelays.Of(readers, times, processor)));
        return 0;
    }

    private static async Task<KernelSockets> ConnectAsync(Uri service, string path, string form, int count, CancellationToken token)
    {
        byte[] request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {service.Authority}\r\nAccept: {form}\r\n\r\n");
        KernelSockets sockets = new();
        for (int i = 0; i < count; i++)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(service.Host, service.Port, token);
            await socket.SendAsync(request, token);
            sockets.Add(socket);
        }

        return sockets;
    }

    private static void ReadUntil(KernelSockets sockets, StreamProgress[] readers, Predicate<StreamProgress> done)
    {
        int open = readers.Count(reader => !done(reader));
        while (open > 0)
        {
            int read = 0;
            Thread.Sleep(Nap);
            foreach (int number in sockets.Wait(Patience))
            {
                StreamProgress reader = readers[number];
                bool was = done(reader);
                ReadOnlySpan<byte> bytes = sockets.Read(number, out long? leftAt);
                if (bytes.IsEmpty)
                    throw new InvalidOperationException("The service closed a stream.");
                long now = Now();
                reader.Take(bytes, leftAt ?? now, now);
                open -= !was && done(reader) ? 1 : 0;
                read++;
            }

            if (read == 0)
                throw new TimeoutException($"Nothing came for {Patience.TotalSeconds} s; {open} readers wait.");
        }
    }

    private static async Task<ResultTimes> ReadTimesAsync(Uri service, string path, int results, CancellationToken token)
    {
        using HttpClient client = new() { BaseAddress = service };
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        ResultTimes times = new(results);
        string text = await client.GetStringAsync(new Uri(path, UriKind.Relative), token);
        foreach (string line in text.Split('\n').Take(results))
            times.Add(line);
        return times;
    }

    private static long Now() => (TimeProvider.System.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
}
