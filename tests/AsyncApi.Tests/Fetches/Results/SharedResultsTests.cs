using System.Text;
using AsyncApi.Fetches;
using AsyncApi.Fetches.Results;
using AsyncApi.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Fetches.Results;

public sealed class SharedResultsTests : IAsyncLifetime
{
    private ResultsTestApp _app = null!;
    private StoredFetch _fetch = null!;
    private TailReader _reader = null!;

    private SharedTail Tail => _reader.Tail;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await ResultsTestApp.StartAsync();
        _fetch = await _app.AddFetchAsync(2_000);
        FetchRecord record = (await _app.Services.GetRequiredService<FetchStore>().FindAsync(_fetch.Id, Token))!;
        _reader = _app.Services.GetRequiredService<SharedResults>().Enter(record, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Readers_at_one_place_get_the_very_same_segment()
    {
        await _fetch.CompleteAsync([4, 2]);
        TailSegments shared = NewSegments();

        ResultSegment[] segments = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => shared.ReadAsync(0).AsTask()));

        segments.Distinct().Count().ShouldBe(1);
        segments[0].Place.ShouldBe(2);
    }

    [Fact]
    public async Task Reader_inside_a_segment_gets_what_is_behind_him()
    {
        await _fetch.CompleteAsync([4, 2, 7]);
        TailSegments shared = NewSegments();
        ResultSegment segment = await shared.ReadAsync(0);

        (await shared.ReadAsync(2)).ShouldBeSameAs(segment);
        Encoding.UTF8.GetString(segment.LinesBehind(2).Bytes.Span).ShouldStartWith("""{"seq":3,"index":7,""");
        Encoding.UTF8.GetString(segment.EventsBehind(2).Bytes.Span).ShouldStartWith("id: 3\nevent: result\ndata: {\"seq\":3,\"index\":7,");
        Encoding.UTF8.GetString(segment.LinesBehind(0).Bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Waiting_readers_are_all_woken_by_what_comes_and_at_the_end()
    {
        TailReader[] readers = [_reader, .. await EnterAsync(_app, _fetch, 9, Token)];
        TailNews known = _reader.News;
        Task[] waits = [.. readers.Select(reader => reader.WaitAsync(known).AsTask())];
        await _fetch.CompleteAsync([4, 2]);
        await Task.WhenAll(waits).WaitAsync(TestSupport.Eventually.Deadline, Token);
        await TestSupport.Eventually.Until(() => _reader.News.End == 2);

        known = _reader.News;
        waits = [.. readers.Select(reader => reader.WaitAsync(known).AsTask())];
        await _fetch.FinishAsync();
        await Task.WhenAll(waits).WaitAsync(TestSupport.Eventually.Deadline, Token);

        _reader.News.IsOver.ShouldBeTrue();
        (await Tail.ReadFinalAsync())!.Job.Id.ShouldBe(_fetch.Id);
        Array.ForEach(readers[1..], reader => reader.Dispose());
    }

    [Fact]
    public async Task Reader_with_old_news_does_not_wait()
    {
        TailNews old = _reader.News;
        await _fetch.CompleteAsync(0);
        await TestSupport.Eventually.Until(() => _reader.News != old);

        _reader.WaitAsync(old).AsTask().IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Reader_who_leaves_is_woken()
    {
        using CancellationTokenSource leaving = new();
        using TailReader other = (await EnterAsync(_app, _fetch, 1, leaving.Token))[0];
        Task wait = other.WaitAsync(other.News).AsTask();
        wait.IsCompleted.ShouldBeFalse();

        await leaving.CancelAsync();
        await wait.WaitAsync(TestSupport.Eventually.Deadline, Token);

        other.WaitAsync(other.News).AsTask().IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Tail_lasts_as_long_as_it_has_readers()
    {
        (await EnterAsync(_app, _fetch, 1, Token))[0].Dispose();
        using TailReader other = (await EnterAsync(_app, _fetch, 1, Token))[0];
        other.Tail.ShouldBeSameAs(Tail);
    }

    [Fact]
    public async Task Reader_far_behind_the_kept_segments_still_gets_every_row()
    {
        await _fetch.CompleteAsync([.. Enumerable.Range(0, 2_000)]);
        for (int place = 0; place < 2_000; place = (await Tail.ReadAsync(place)).Place)
        {
            // To the end, by as many segments as it takes.
        }

        ResultSegment first = await Tail.ReadAsync(0);

        first.From.ShouldBe(0);
        first.Place.ShouldBe(ResultReader.MaxSlice);
    }

    [Fact]
    public async Task Counts_are_read_once_for_all_and_soon_again()
    {
        Task<FetchCounts?>[] counts = [.. Enumerable.Range(0, 20).Select(_ => Tail.ReadCountsAsync())];
        (await Task.WhenAll(counts)).ShouldAllBe(read => read!.Total == 2_000);
        counts.Distinct().Count().ShouldBeLessThan(20);

        await _fetch.CompleteAsync(0);

        await TestSupport.Eventually.Until(async () => (await Tail.ReadCountsAsync())!.Succeeded == 1);
    }

    [Fact]
    public async Task Many_readers_get_together_what_comes_in_a_short_while()
    {
        ManualTime time = new();
        await using ResultsTestApp app = await ResultsTestApp.StartAsync(time);
        StoredFetch fetch = await app.AddFetchAsync(3);
        TailReader[] readers = await EnterAsync(app, fetch, 200, Token);
        Task<int>[] waits = WaitAll(readers);
        await fetch.CompleteAsync(0);
        (await Task.WhenAll(waits).WaitAsync(TestSupport.Eventually.Deadline, Token)).ShouldAllBe(end => end == 1);

        waits = WaitAll(readers);
        await fetch.CompleteAsync(1);
        await TestSupport.Eventually.Until(() => time.UntilNextTimer == TimeSpan.FromMilliseconds(4));
        await fetch.CompleteAsync(2);
        await TestSupport.Eventually.Until(() => readers[0].News.End == 3);
        waits.ShouldAllBe(wait => !wait.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(4));

        (await Task.WhenAll(waits).WaitAsync(TestSupport.Eventually.Deadline, Token)).ShouldAllBe(end => end == 3);
        Array.ForEach(readers, reader => reader.Dispose());
    }

    [Fact]
    public async Task What_comes_while_some_are_woken_reaches_the_others_in_their_turn()
    {
        TailReader[] readers = await EnterAsync(_app, _fetch, 50, Token);
        TaskCompletionSource firstIsWoken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // On the thread that wakes the others, which are behind it.
        Task<int> first = WaitAsync(readers[0], () =>
        {
            firstIsWoken.SetResult();
            SpinWait.SpinUntil(() => readers[0].News.End == 2, TestSupport.Eventually.Deadline);
        });
        Task<int>[] others = WaitAll(readers[1..]);

        await _fetch.CompleteAsync(0);
        await firstIsWoken.Task.WaitAsync(TestSupport.Eventually.Deadline, Token);
        await _fetch.CompleteAsync(1);

        (await Task.WhenAll([first, .. others]).WaitAsync(TestSupport.Eventually.Deadline, Token)).ShouldAllBe(end => end == 2);
        Array.ForEach(readers, reader => reader.Dispose());
    }

    [Fact]
    public async Task Small_pieces_become_one_segment()
    {
        await _fetch.CompleteAsync(4);
        await TestSupport.Eventually.Until(() => _reader.News.End == 1);
        ResultSegment before = await Tail.ReadAsync(0);
        EncodedPiece handedOut = before.LinesBehind(0);
        byte[] line = handedOut.Bytes.ToArray();
        await _fetch.CompleteAsync([2, 7]);
        await TestSupport.Eventually.Until(() => _reader.News.End == 3);

        ResultSegment after = await Tail.ReadAsync(0);

        after.ShouldBeSameAs(before);
        (after.From, after.Place).ShouldBe((0, 3));
        ResultSegment read = await NewSegments().ReadAsync(0);
        after.LinesBehind(0).Bytes.ToArray().ShouldBe(read.LinesBehind(0).Bytes.ToArray());
        after.EventsBehind(1).Bytes.ToArray().ShouldBe(read.EventsBehind(1).Bytes.ToArray());
        handedOut.Bytes.ToArray().ShouldBe(line);
    }

    [Fact]
    public async Task Readers_at_different_places_far_behind_share_what_is_read()
    {
        await _fetch.CompleteAsync([.. Enumerable.Range(0, 600)]);
        TailSegments shared = NewSegments();

        ResultSegment[] segments = await Task.WhenAll(new[] { 3, 400, 499, 550 }.Select(place => shared.ReadAsync(place).AsTask()));

        segments[..3].Distinct().Count().ShouldBe(1);
        (segments[0].From, segments[0].Place).ShouldBe((0, 500));
        (segments[3].From, segments[3].Place).ShouldBe((500, 600));
    }

    [Fact]
    public async Task No_more_than_the_last_thousands_are_kept()
    {
        const int kept = 4_000;
        StoredFetch fetch = await _app.AddFetchAsync(kept + ResultReader.MaxSlice);
        await fetch.CompleteAsync([.. Enumerable.Range(0, kept + ResultReader.MaxSlice)]);
        TailSegments shared = new(fetch.Key, _app.Services.GetRequiredService<SharedResults>());
        ResultSegment first = await shared.ReadAsync(0);
        for (int place = first.Place; place < kept; place += ResultReader.MaxSlice)
        {
            await shared.ReadAsync(place);
        }

        (await shared.ReadAsync(0)).ShouldBeSameAs(first);
        await shared.ReadAsync(kept);

        (await shared.ReadAsync(0)).ShouldNotBeSameAs(first);
    }

    private static Task<int>[] WaitAll(TailReader[] readers) => [.. readers.Select(reader => WaitAsync(reader))];

    /// <summary>How far the results were known when the reader was woken.</summary>
    private static async Task<int> WaitAsync(TailReader reader, Action? woken = null)
    {
        await reader.WaitAsync(reader.News).ConfigureAwait(false);
        woken?.Invoke();
        return reader.News.End;
    }

    private static async Task<TailReader[]> EnterAsync(ResultsTestApp app, StoredFetch fetch, int readers, CancellationToken leaving)
    {
        FetchRecord record = (await app.Services.GetRequiredService<FetchStore>().FindAsync(fetch.Id, Token))!;
        SharedResults results = app.Services.GetRequiredService<SharedResults>();
        return [.. Enumerable.Range(0, readers).Select(_ => results.Enter(record, leaving))];
    }

    // Without the tail's own follower, which may read the same results at the same time.
    private TailSegments NewSegments() => new(Tail.FetchKey, _app.Services.GetRequiredService<SharedResults>());
}
