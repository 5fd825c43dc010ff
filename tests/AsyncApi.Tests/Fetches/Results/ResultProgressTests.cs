using System.Text.Json;
using AsyncApi.Fetches;
using AsyncApi.Fetches.Results;
using AsyncApi.Http.Streams;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Fetches.Results;

/// <summary>What a reader of events gets by the clock.</summary>
public class ResultProgressTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ManualTime _time = new();
    private ResultsTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await ResultsTestApp.StartAsync(_time);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Counts_come_four_times_a_second_at_most_and_never_go_missing()
    {
        StoredFetch fetch = await _app.AddFetchAsync(4);
        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, "text/event-stream");
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));
        (await DoneAsync(reader)).ShouldBe(0);

        await fetch.CompleteAsync(0);
        await fetch.CompleteAsync(1);
        (await EventAsync(reader)).Id.ShouldBe("1");
        (await EventAsync(reader)).Id.ShouldBe("2");
        Task<int> done = DoneAsync(reader);
        done.IsCompleted.ShouldBeFalse();
        // The clock of those who wait may have been set again only just now: then it rings an interval later.
        while (!done.IsCompleted)
        {
            await AdvanceAsync(Interval);
        }

        (await done).ShouldBe(2);

        // Nothing new, nothing said: the next thing after a long time is the next result.
        await AdvanceAsync(TimeSpan.FromSeconds(4));
        await fetch.CompleteAsync(2);
        (await EventAsync(reader)).Id.ShouldBe("3");
        (await DoneAsync(reader)).ShouldBe(3);
    }

    [Fact]
    public async Task Silent_stream_beats()
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);
        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, "text/event-stream");
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));
        (await DoneAsync(reader)).ShouldBe(0);

        List<TimeSpan> silences = [];
        for (int beat = 0; beat < 3; beat++)
        {
            DateTimeOffset since = _time.GetUtcNow();
            Task<string?> line = LineAsync(reader);
            while (!line.IsCompleted)
            {
                await AdvanceAsync(TailReader.LongestWait);
            }

            (await line).ShouldBe(":");
            (await LineAsync(reader)).ShouldBe("");
            silences.Add(_time.GetUtcNow() - since);
        }

        // This clock may run ahead of a reader on a busy machine, but hardly every time.
        silences.Min().ShouldBeLessThanOrEqualTo(SseWriter.HeartbeatInterval + (TailReader.LongestWait * 2));

        await fetch.CompleteAsync(0);
        (await EventAsync(reader)).Name.ShouldBe("result");
    }

    [Fact]
    public async Task Stream_whose_filter_lets_nothing_through_beats_while_results_come()
    {
        StoredFetch fetch = await _app.AddFetchAsync(60);
        using HttpResponseMessage response = await _app.OpenAsync($"{fetch.Results}?outcome=failed", "text/event-stream");
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));
        (await DoneAsync(reader)).ShouldBe(0);

        Task<string?> line = LineAsync(reader);
        for (int second = 0; second < 60 && !line.IsCompleted; second++)
        {
            await fetch.CompleteAsync(second);
            await AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        (await line).ShouldBe(":");
    }

    // In the steps in which who waits looks at the clock.
    private async Task AdvanceAsync(TimeSpan by)
    {
        for (DateTimeOffset end = _time.GetUtcNow() + by; _time.GetUtcNow() < end;)
        {
            await Eventually.Until(() => _time.UntilNextTimer is { } next && next <= TailReader.LongestWait);
            _time.AdvanceToNextTimer();
        }
    }

    // A stream that says nothing fails the test instead of holding it up.
    private static async Task<ServerEvent> EventAsync(StreamReader reader) =>
        (await ServerEvent.ReadAsync(reader).WaitAsync(Eventually.Deadline, Token))!;

    private static Task<string?> LineAsync(StreamReader reader) => reader.ReadLineAsync(Token).AsTask().WaitAsync(Eventually.Deadline, Token);

    private static async Task<int> DoneAsync(StreamReader reader)
    {
        ServerEvent progress = await EventAsync(reader);
        progress.Name.ShouldBe("progress");
        progress.Id.ShouldBeNull();
        return JsonSerializer.Deserialize<FetchCounts>(progress.Data, JsonSerializerOptions.Web)!.Succeeded;
    }
}
