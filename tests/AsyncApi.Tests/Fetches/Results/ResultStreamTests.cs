using System.Globalization;
using System.Net;
using System.Text.Json;
using AsyncApi.Fetching;
using AsyncApi.Http.Problems;
using AsyncApi.Jobs;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches.Results;

public class ResultStreamTests : IAsyncLifetime
{
    private const string Ndjson = "application/x-ndjson";

    private ResultsTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await ResultsTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(Ndjson)]
    [InlineData("application/jsonl")]
    public async Task Stream_of_a_fetch_that_is_over_is_all_of_it_and_an_end_record(string mediaType)
    {
        StoredFetch fetch = await _app.AddFetchAsync(3);
        await fetch.CompleteAsync([2, 0]);
        await fetch.CompleteAsync(1, row => row.Outcome = FetchOutcome.Failed);
        await fetch.FinishAsync();

        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, mediaType);
        string[] lines = (await response.Content.ReadAsStringAsync(Token)).Split('\n');

        response.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType);
        lines[..3].Select(IndexOf).ShouldBe([2, 0, 1]);
        lines[3..].ShouldBe(["""{"end":true,"status":"completed","counts":{"total":3,"pending":0,"running":0,"succeeded":2,"failed":1,"cancelled":0}}""", ""]);
    }

    [Fact]
    public async Task Live_stream_shows_each_result_as_it_is_stored()
    {
        StoredFetch fetch = await _app.AddFetchAsync(3);
        await fetch.CompleteAsync(1);
        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, Ndjson);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));

        IndexOf((await reader.ReadLineAsync(Token))!).ShouldBe(1);
        await fetch.CompleteAsync(2);
        IndexOf((await reader.ReadLineAsync(Token))!).ShouldBe(2);
        await fetch.CompleteAsync(0);
        IndexOf((await reader.ReadLineAsync(Token))!).ShouldBe(0);
        await fetch.FinishAsync(JobStatus.TimedOut);

        JsonElement end = JsonElement.Parse((await reader.ReadLineAsync(Token))!);
        end.GetProperty("end").GetBoolean().ShouldBeTrue();
        end.GetProperty("status").GetString().ShouldBe("timedOut");
        (await reader.ReadLineAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Readers_that_break_off_and_come_back_lose_and_repeat_nothing()
    {
        const int Total = 300;
        StoredFetch fetch = await _app.AddFetchAsync(Total);
        Task appending = AppendAsync(fetch, Total, 7);
        List<int> seen = [];
        for (int turn = 0; seen.Count < Total; turn++)
        {
            // Every other turn by the header, which wins over the query of the first turn.
            using HttpResponseMessage response = turn % 2 == 0
                ? await _app.OpenAsync($"{fetch.Results}?after={seen.Count}", Ndjson)
                : await _app.OpenAsync($"{fetch.Results}?after=0", Ndjson, seen.Count);
            using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));
            for (int i = 0; i < 31 && seen.Count < Total; i++)
                seen.Add(SeqOf((await reader.ReadLineAsync(Token))!));
        }

        await appending;
        seen.ShouldBe(Enumerable.Range(1, Total));
    }

    [Fact]
    public async Task Fifty_readers_at_once_see_the_same_five_thousand_rows()
    {
        const int Total = 5_000;
        StoredFetch fetch = await _app.AddFetchAsync(Total);
        Task appending = AppendAsync(fetch, Total, 250);

        string[] texts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _app.TextAsync(fetch.Results, Ndjson)));

        await appending;
        string[] lines = texts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[..^1].Select(SeqOf).ShouldBe(Enumerable.Range(1, Total));
        lines[^1].ShouldContain("\"end\":true");
        texts.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Readers_that_do_not_read_hold_nobody_up()
    {
        // More than there are connections to the database, and more for each than any buffer on the way takes.
        const int Readers = 12;
        StoredFetch fetch = await _app.AddFetchAsync(20);
        await fetch.CompleteAsync([.. Enumerable.Range(0, 20)], body: new byte[1024 * 1024]);
        HttpResponseMessage[] stuck = await Task.WhenAll(
            Enumerable.Range(0, Readers).Select(_ => _app.OpenAsync($"{fetch.Results}?include=body", Ndjson)));

        for (int index = 0; index < 20; index++)
            await _app.TextAsync($"{fetch.Results}/{index}").WaitAsync(TimeSpan.FromSeconds(20), Token);

        Array.ForEach(stuck, response => response.Dispose());
    }

    [Fact]
    public async Task Filters_hold_in_a_stream()
    {
        StoredFetch fetch = await _app.AddFetchAsync(6);
        await fetch.CompleteAsync([0, 1, 2, 3, 4, 5]);
        await fetch.FinishAsync();

        string[] lines = (await _app.TextAsync($"{fetch.Results}?host=odd.example&after=2&include=headers", Ndjson)).Split('\n');

        lines[..2].Select(IndexOf).ShouldBe([3, 5]);
        lines[0].ShouldContain("\"headers\":null");
        lines[2].ShouldStartWith("{\"end\":true");
    }

    [Fact]
    public async Task Events_are_results_with_their_seq_then_the_counts_then_the_fetch()
    {
        StoredFetch fetch = await _app.AddFetchAsync(2);
        await fetch.CompleteAsync([1, 0]);
        await fetch.FinishAsync();

        List<ServerEvent> events = await ServerEvent.ReadAllAsync(await _app.TextAsync(fetch.Results, "text/event-stream"));

        events.Select(sent => (sent.Name, sent.Id)).ShouldBe([("result", "1"), ("result", "2"), ("progress", null), ("end", "2")]);
        IndexOf(events[0].Data).ShouldBe(1);
        JsonElement.Parse(events[2].Data).GetProperty("succeeded").GetInt32().ShouldBe(2);
        JsonElement end = JsonElement.Parse(events[3].Data);
        end.GetProperty("id").GetGuid().ShouldBe(fetch.Id);
        end.GetProperty("status").GetString().ShouldBe("completed");
    }

    [Theory]
    [InlineData(2L, HttpStatusCode.NoContent)]
    [InlineData(3L, HttpStatusCode.NoContent)]
    [InlineData(99999999999L, HttpStatusCode.NoContent)]
    [InlineData(1L, HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task Reader_of_events_who_has_seen_everything_is_told_not_to_come_back(long? last, HttpStatusCode status)
    {
        StoredFetch fetch = await _app.AddFetchAsync(2);
        await fetch.CompleteAsync([1, 0]);
        await fetch.FinishAsync();

        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, "text/event-stream", last);

        response.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Reader_of_events_of_a_fetch_without_results_can_see_everything_too()
    {
        StoredFetch fetch = await _app.AddFetchAsync(2);
        await fetch.FinishAsync(JobStatus.Failed);

        List<ServerEvent> events = await ServerEvent.ReadAllAsync(await _app.TextAsync(fetch.Results, "text/event-stream"));
        using HttpResponseMessage again = await _app.OpenAsync(fetch.Results, "text/event-stream", long.Parse(events[^1].Id!, CultureInfo.InvariantCulture));

        events[^1].Name.ShouldBe("end");
        again.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("x", null)]
    [InlineData("-1", null)]
    [InlineData(null, "?order=submission")]
    public async Task Malformed_resumption_or_order_is_a_fault(string? lastEventId, string? query)
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);
        using HttpRequestMessage request = new(HttpMethod.Get, fetch.Results + query);
        request.Headers.Add("Accept", "text/event-stream");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);

        using HttpResponseMessage response = await _app.Client.SendAsync(request, Token);

        await response.ShouldBeProblemAsync(ProblemTypes.Validation);
    }

    [Fact]
    public async Task Client_that_leaves_ends_the_stream_silently()
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);
        using (await _app.OpenAsync(fetch.Results, Ndjson))
            _app.Log.Lines.ShouldNotContain(line => line.Text.Contains("answered"));

        await Eventually.Until(() => _app.Log.Lines.Any(line => line.Text.Contains($"{fetch.Results} answered 200")));
        _app.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_of_the_service_ends_streams_without_an_end_record()
    {
        StoredFetch fetch = await _app.AddFetchAsync(2);
        await fetch.CompleteAsync(0);
        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, Ndjson);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));
        IndexOf((await reader.ReadLineAsync(Token))!).ShouldBe(0);

        await _app.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), Token);

        (await reader.ReadToEndAsync(Token)).ShouldBeEmpty();
        _app.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fetch_that_is_deleted_ends_its_streams_without_an_end_record()
    {
        StoredFetch fetch = await _app.AddFetchAsync(2);
        await fetch.CompleteAsync(0);
        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, Ndjson);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));
        IndexOf((await reader.ReadLineAsync(Token))!).ShouldBe(0);

        await fetch.DeleteAsync();
        _app.Signals.Changed(fetch.Id);

        (await reader.ReadToEndAsync(Token)).ShouldBeEmpty();
    }

    private static async Task AppendAsync(StoredFetch fetch, int total, int step)
    {
        for (int first = 0; first < total; first += step)
            await fetch.CompleteAsync([.. Enumerable.Range(first, Math.Min(step, total - first))]);
        await fetch.FinishAsync();
    }

    private static int IndexOf(string json) => JsonElement.Parse(json).GetProperty("index").GetInt32();

    private static int SeqOf(string json) => JsonElement.Parse(json).GetProperty("seq").GetInt32();
}
