using System.Net.Http.Headers;
using System.Text.Json;

namespace AsyncApi.CrashTests;

/// <summary>
/// A client that reads the results of a fetch as NDJSON, and after each cut goes on behind the last line it saw. It fails when a
/// <c>seq</c> is missing or comes twice.
/// </summary>
internal sealed class ResumingReader(string fetch)
{
    private readonly List<string> _lines = [];

    public string Fetch => fetch;

    /// <summary>Every line seen, in the order of their <c>seq</c>, which is 1 for the first of them.</summary>
    public IReadOnlyList<string> Lines => _lines;

    public IEnumerable<JsonElement> Results => _lines.Select(Parse);

    /// <summary>The end record; null until it came.</summary>
    public JsonElement? End { get; private set; }

    /// <summary>Reads on until the end record, or until the connection is cut: then it is false.</summary>
    public async Task<bool> FollowAsync(HttpClient client)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using HttpRequestMessage request = new(HttpMethod.Get, $"{fetch}/results?after={_lines.Count}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            answer.EnsureSuccessStatusCode();
            using StreamReader stream = new(await answer.Content.ReadAsStreamAsync(token));
            while (await stream.ReadLineAsync(token) is { } line)
            {
                Take(line);
            }
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException { StatusCode: null })
        {
            // The process was killed under it.
        }
        catch (OperationCanceledException gone) when (!token.IsCancellationRequested && gone.InnerException is not TimeoutException)
        {
            // It was still connecting when the process and its client went.
        }

        return End is not null;
    }

    private static JsonElement Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    private void Take(string line)
    {
        End.ShouldBeNull("nothing follows the end record");
        JsonElement record = Parse(line);
        if (record.TryGetProperty("end", out _))
        {
            End = record;
            return;
        }

        record.GetProperty("seq").GetInt32().ShouldBe(_lines.Count + 1);
        _lines.Add(line);
    }
}
