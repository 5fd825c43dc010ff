using System.Text;
using AsyncApi.Fetches;
using AsyncApi.Fetches.Results;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Fetches.Results;

public sealed class SharedResultsTests : IAsyncLifetime
{
    private ResultsTestApp _app = null!;
    private StoredFetch _fetch = null!;
    private SharedTail _tail = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await ResultsTestApp.StartAsync();
        _fetch = await _app.AddFetchAsync(2_000);
        FetchRecord record = (await _app.Services.GetRequiredService<FetchStore>().FindAsync(_fetch.Id, Token))!;
        _tail = _app.Services.GetRequiredService<SharedResults>().Enter(record);
    }

    public async ValueTask DisposeAsync()
    {
        _tail.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Readers_at_one_place_get_the_very_same_segment()
    {
        await _fetch.CompleteAsync([4, 2]);
        Task news = NextNews().Task;

        ResultSegment[] segments = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _tail.ReadAsync(0, news)));

        segments.Distinct().Count().ShouldBe(1);
        segments[0].Place.ShouldBe(2);
        segments[0].AtEnd.ShouldBeTrue();
    }

    [Fact]
    public async Task Reader_inside_a_segment_gets_what_is_behind_him()
    {
        await _fetch.CompleteAsync([4, 2, 7]);
        ResultSegment segment = await _tail.ReadAsync(0, NextNews().Task);

        (await _tail.ReadAsync(2, NextNews().Task)).ShouldBeSameAs(segment);
        Encoding.UTF8.GetString(segment.LinesBehind(2)).ShouldStartWith("""{"seq":3,"index":7,""");
        Encoding.UTF8.GetString(segment.EventsBehind(2)).ShouldStartWith("id: 3\nevent: result\ndata: {\"seq\":3,\"index\":7,");
        Encoding.UTF8.GetString(segment.LinesBehind(0)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Segment_that_was_read_before_the_reader_took_his_news_is_no_end_for_him()
    {
        await _fetch.CompleteAsync(0);
        Task old = NextNews().Task;
        await _tail.ReadAsync(0, old);
        await _fetch.CompleteAsync(1);
        Task news = NextNews().Task;

        ResultSegment cached = await _tail.ReadAsync(0, news);
        ResultSegment next = await _tail.ReadAsync(cached.Place, news);

        cached.News.ShouldBeSameAs(old);
        next.Place.ShouldBe(2);
        next.News.ShouldBeSameAs(news);
    }

    [Fact]
    public async Task Reader_far_behind_the_kept_segments_still_gets_every_row()
    {
        await _fetch.CompleteAsync([.. Enumerable.Range(0, 2_000)]);
        for (int place = 0; place < 2_000; place = (await _tail.ReadAsync(place, NextNews().Task)).Place)
        {
            // To the end, by as many segments as it takes.
        }

        ResultSegment first = await _tail.ReadAsync(0, NextNews().Task);

        first.From.ShouldBe(0);
        first.Place.ShouldBe(ResultReader.MaxSlice);
    }

    [Fact]
    public async Task Counts_are_read_once_for_all_and_soon_again()
    {
        Task<FetchCounts?>[] counts = [.. Enumerable.Range(0, 20).Select(_ => _tail.ReadCountsAsync())];
        (await Task.WhenAll(counts)).ShouldAllBe(read => read!.Total == 2_000);
        counts.Distinct().Count().ShouldBeLessThan(20);

        await _fetch.CompleteAsync(0);

        await TestSupport.Eventually.Until(async () => (await _tail.ReadCountsAsync())!.Succeeded == 1);
    }

    private static TaskCompletionSource NextNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
