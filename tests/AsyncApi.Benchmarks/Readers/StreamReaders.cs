using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AsyncApi.Benchmarks.Readers;

/// <summary>Readers of one stream, each on a connection of its own. All read everything; some look at each line's times.</summary>
internal sealed class StreamReaders : IAsyncDisposable
{
    // Looking at every line of all would take the processor that the reading needs.
    private const int Looking = 20;

    private readonly HttpClient _client;
    private readonly List<HttpResponseMessage> _answers = [];

    private StreamReaders(HttpClient client) => _client = client;

    /// <summary>Returns when every reader has its headers.</summary>
    public static async Task<StreamReaders> OpenAsync(Uri service, string path, string form, int count, CancellationToken token)
    {
        StreamReaders readers = new(new HttpClient { BaseAddress = service, Timeout = Timeout.InfiniteTimeSpan });
        readers._client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(form));
        readers._answers.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(
            _ => readers._client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, token))));
        return readers;
    }

    /// <exception cref="InvalidOperationException">A reader did not get every result.</exception>
    public async Task<Readings> ReadToEndAsync(int results, CancellationToken token)
    {
        List<Reading>[] seen = await Task.WhenAll(_answers.Select((answer, i) => Task.Run(
            () => i < Looking ? LookAsync(answer, results, token) : CountAsync(answer, results, token), token)));
        return new Readings([.. seen.SelectMany(some => some)]);
    }

    public ValueTask DisposeAsync()
    {
        _answers.ForEach(answer => answer.Dispose());
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<List<Reading>> LookAsync(HttpResponseMessage answer, int results, CancellationToken token)
    {
        List<Reading> seen = new(results);
        using StreamReader lines = new(await answer.Content.ReadAsStreamAsync(token));
        while (await lines.ReadLineAsync(token) is { } line)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            string json = line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : line;
            if (json.StartsWith("{\"seq\"", StringComparison.Ordinal))
            {
                using JsonDocument result = JsonDocument.Parse(json);
                DateTimeOffset started = result.RootElement.GetProperty("startedAt").GetDateTimeOffset();
                seen.Add(new Reading(started, started.AddMilliseconds(result.RootElement.GetProperty("durationMs").GetDouble()), now));
            }
        }

        return seen.Count == results ? seen : throw new InvalidOperationException($"A reader saw {seen.Count} of {results} results.");
    }

    private static async Task<List<Reading>> CountAsync(HttpResponseMessage answer, int results, CancellationToken token)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        int lines = 0;
        await using Stream stream = await answer.Content.ReadAsStreamAsync(token);
        for (int read; (read = await stream.ReadAsync(buffer, token)) > 0;)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return lines > results ? [] : throw new InvalidOperationException($"A reader saw {lines} lines of {results} results.");
    }
}

/// <summary>A line that a reader saw.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Reading(DateTimeOffset Started, DateTimeOffset Ended, DateTimeOffset Seen);

internal sealed class Readings(IReadOnlyList<Reading> all)
{
    private readonly double[] _delays = [.. all.Select(reading => (reading.Seen - reading.Ended).TotalMilliseconds).Order()];

    /// <summary>From the start of the first request to the arrival of the last line.</summary>
    public TimeSpan Elapsed { get; } = all.Max(reading => reading.Seen) - all.Min(reading => reading.Started);

    /// <summary>The delay, in milliseconds, that this part of the lines did not exceed.</summary>
    public double Part(double part) => _delays[(int)((_delays.Length - 1) * part)];
}
