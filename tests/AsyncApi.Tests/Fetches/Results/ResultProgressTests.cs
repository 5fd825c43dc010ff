using System.Text.Json;
using AsyncApi.Fetches;
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
        (await ServerEvent.ReadAsync(reader))!.Id.ShouldBe("1");
        (await ServerEvent.ReadAsync(reader))!.Id.ShouldBe("2");
        await Eventually.Until(() => _time.UntilNextTimer == Interval);
        _time.Advance(Interval);
        (await DoneAsync(reader)).ShouldBe(2);

        // Nothing new, nothing said: the next thing after a long time is the next result.
        await Eventually.Until(() => _time.UntilNextTimer == SseWriter.HeartbeatInterval);
        _time.Advance(Interval * 4);
        await fetch.CompleteAsync(2);
        (await ServerEvent.ReadAsync(reader))!.Id.ShouldBe("3");
        (await DoneAsync(reader)).ShouldBe(3);
    }

    [Fact]
    public async Task Silent_stream_beats()
    {
        StoredFetch fetch = await _app.AddFetchAsync(1);
        using HttpResponseMessage response = await _app.OpenAsync(fetch.Results, "text/event-stream");
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Token));
        (await DoneAsync(reader)).ShouldBe(0);

        for (int beat = 0; beat < 3; beat++)
        {
            await Eventually.Until(() => _time.UntilNextTimer == SseWriter.HeartbeatInterval);
            _time.Advance(SseWriter.HeartbeatInterval);
            (await reader.ReadLineAsync(Token)).ShouldBe(":");
            (await reader.ReadLineAsync(Token)).ShouldBe("");
        }

        await fetch.CompleteAsync(0);
        (await ServerEvent.ReadAsync(reader))!.Name.ShouldBe("result");
    }

    private static async Task<int> DoneAsync(StreamReader reader)
    {
        ServerEvent progress = (await ServerEvent.ReadAsync(reader))!;
        progress.Name.ShouldBe("progress");
        progress.Id.ShouldBeNull();
        return JsonSerializer.Deserialize<FetchCounts>(progress.Data, JsonSerializerOptions.Web)!.Succeeded;
    }
}
