using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests;

public sealed class PatternTraceTests
{
    [Fact]
    public async Task Reader_gets_each_entry_as_it_comes_and_ends_with_the_run()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        PatternTrace trace = new(new ManualTime());
        await using IAsyncEnumerator<TraceEntry> reader = trace.FollowAsync(token).GetAsyncEnumerator(token);

        ValueTask<bool> first = reader.MoveNextAsync();
        first.IsCompleted.ShouldBeFalse("There is nothing yet.");
        trace.Event("a", "one");
        (await first).ShouldBeTrue();
        reader.Current.ShouldBe(new PatternEvent(0, "a", "one"));

        ValueTask<bool> second = reader.MoveNextAsync();
        trace.Close();
        (await second).ShouldBeFalse();
    }

    [Fact]
    public async Task Late_reader_gets_all_from_the_first_entry_on()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        PatternTrace trace = new(new ManualTime());
        (int number, double startMs) = trace.Start("a", "lane");
        trace.Event("a", "one");
        trace.End(number, new PatternSpan("a", "lane", startMs, 5, SpanOutcome.Completed));
        trace.Close();

        (await trace.FollowAsync(token).ToListAsync(token)).ShouldBe(
            [new PatternSpanStart("a", "lane", 0), new PatternEvent(0, "a", "one"), new PatternSpan("a", "lane", 0, 5, SpanOutcome.Completed)]);
    }

    [Fact]
    public async Task Many_writers_lose_nothing_and_keep_the_order_of_time()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        PatternTrace trace = new(TimeProvider.System);
        Task<List<TraceEntry>> reading = trace.FollowAsync(token).ToListAsync(token).AsTask();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() => Write(writer), token)));
        trace.Close();

        List<PatternEvent> read = [.. (await reading).Cast<PatternEvent>()];
        read.Count.ShouldBe(8 * 200);
        read.Select(said => said.AtMs).ShouldBeInOrder();
        foreach (IGrouping<string, PatternEvent> writer in read.GroupBy(said => said.Task))
            writer.Select(said => int.Parse(said.Message, null)).ShouldBe(Enumerable.Range(0, 200));

        void Write(int writer)
        {
            for (int entry = 0; entry < 200; entry++)
                trace.Event($"writer {writer}", $"{entry}");
        }
    }

    [Fact]
    public void Spans_come_in_the_order_of_their_starts()
    {
        PatternTrace trace = new(new ManualTime());
        (int first, _) = trace.Start("first", "lane");
        (int second, _) = trace.Start("second", "lane");
        trace.End(second, new PatternSpan("second", "lane", 0, 1, SpanOutcome.Completed));
        trace.Spans.Select(span => span.Task).ShouldBe(["second"], "Who has not ended is not there yet.");

        trace.End(first, new PatternSpan("first", "lane", 0, 2, SpanOutcome.Failed));
        trace.Spans.Select(span => span.Task).ShouldBe(["first", "second"]);
    }
}
