using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Patterns;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Patterns;

public sealed class PatternStreamTests : IAsyncLifetime
{
    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await PatternTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Stream_tells_all_as_it_happens_and_ends_with_the_whole()
    {
        using HttpResponseMessage answer = await SendAsync("hello", new { seconds = 0.01 });
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");

        List<SseItem<string>> events = await ReadAsync(answer).ToListAsync(Token);

        events.Select(item => item.EventType).ShouldBe(["start", "event", "event", "span", "end"]);
        events.Take(4).Select(item => item.EventId).ShouldBe(["1", "2", "3", "4"]);
        JsonElement said = JsonSerializer.Deserialize<JsonElement>(events[1].Data);
        said.GetProperty("message").GetString().ShouldBe("Hello");
        JsonElement end = JsonSerializer.Deserialize<JsonElement>(events[^1].Data);
        end.GetProperty("pattern").GetString().ShouldBe("hello");
        end.GetProperty("spans").GetArrayLength().ShouldBe(1);
        end.GetProperty("events").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task First_event_comes_while_the_run_goes_on_and_a_reader_that_leaves_ends_it()
    {
        for (int run = 0; run <= PatternPlaces.Max; run++)
        {
            // Each would hold its place for ten seconds; one more than there are places would be refused.
            await Eventually.Until(HelloStartsAsync, TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task Unknown_form_is_not_acceptable()
    {
        using HttpResponseMessage answer = await SendAsync("hello", new { }, "text/csv");

        await answer.ShouldBeProblemAsync(ProblemTypes.NotAcceptable);
    }

    private static IAsyncEnumerable<SseItem<string>> ReadAsync(HttpResponseMessage answer)
        => SseParser.Create(answer.Content.ReadAsStream(Token)).EnumerateAsync(Token);

    private async Task<bool> HelloStartsAsync()
    {
        using HttpResponseMessage answer = await SendAsync("hello", new { seconds = 10 });
        return answer.IsSuccessStatusCode && (await ReadAsync(answer).Skip(1).FirstAsync(Token)).Data.Contains("Hello", StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(string pattern, object parameters, string accept = "text/event-stream")
    {
        HttpRequestMessage request = new(HttpMethod.Post, $"/patterns/{pattern}/runs") { Content = JsonContent.Create(new { parameters }) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return _app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }
}
