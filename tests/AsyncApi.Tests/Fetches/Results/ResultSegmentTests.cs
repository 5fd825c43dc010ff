using System.Runtime.InteropServices;
using System.Text;
using AsyncApi.Fetches.Results;

namespace AsyncApi.Tests.Fetches.Results;

public sealed class ResultSegmentTests
{
    private const int LargeObject = 85_000;

    [Theory]
    [InlineData(10, 60)]
    [InlineData(500, 60)]
    [InlineData(500, 2_000)]
    [InlineData(3, 100_000)]
    public void Pieces_put_together_are_all_results_in_order(int count, int urlLength)
    {
        ResultSegment segment = new(7);
        segment.Add([.. Enumerable.Range(8, count).Select(seq => RowOf(seq, urlLength))]);

        string lines = string.Concat(Pieces(segment, 7, segment.LinesBehind).Select(Text));

        string[] read = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        read.Length.ShouldBe(count);
        read.Select((line, i) => line.StartsWith($$"""{"seq":{{8 + i}},"index":{{7 + i}},""", StringComparison.Ordinal) && line.EndsWith('}'))
            .ShouldAllBe(right => right);
    }

    [Fact]
    public void Reader_gets_the_same_from_each_place()
    {
        ResultSegment segment = new(0);
        segment.Add([.. Enumerable.Range(1, 300).Select(seq => RowOf(seq, 400))]);
        string[] all = [.. Pieces(segment, 0, segment.EventsBehind).SelectMany(piece => Text(piece).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))];

        for (int place = 0; place < 300; place++)
        {
            EncodedPiece piece = segment.EventsBehind(place);

            Text(piece).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).ShouldBe(all[place..(place + piece.Count)]);
        }
    }

    [Fact]
    public void What_was_handed_out_stays_while_more_comes()
    {
        ResultSegment segment = new(0);
        segment.Add([RowOf(1, 60)]);
        EncodedPiece first = segment.LinesBehind(0);
        string before = Text(first);

        foreach (int seq in Enumerable.Range(2, 400))
        {
            segment.Add([RowOf(seq, 60)]);
            Text(segment.LinesBehind(seq - 1)).ShouldStartWith($$"""{"seq":{{seq}},""");
        }

        Text(first).ShouldBe(before);
        segment.LinesBehind(401).Count.ShouldBe(0);
    }

    [Fact]
    public void Usual_results_make_no_large_objects()
    {
        ResultSegment segment = new(0, EncodedResults.LargestBlock);
        segment.Add([.. Enumerable.Range(1, ResultReader.MaxSlice).Select(seq => RowOf(seq, 1_000))]);

        Pieces(segment, 0, segment.LinesBehind).Select(BlockOf).ShouldAllBe(block => block < LargeObject);
    }

    [Fact]
    public void Segment_of_little_is_small_and_a_full_one_tells_what_the_next_will_need()
    {
        ResultSegment segment = new(0);
        segment.Add([RowOf(1, 60)]);
        BlockOf(segment.LinesBehind(0)).ShouldBe(EncodedResults.SmallestBlock);
        segment.Add([.. Enumerable.Range(2, 400).Select(seq => RowOf(seq, 60))]);
        segment.LinesBehind(1);

        segment.BlockBytes.ShouldBe(EncodedResults.LargestBlock);
    }

    private static IEnumerable<EncodedPiece> Pieces(ResultSegment segment, int place, Func<int, EncodedPiece> behind)
    {
        while (place < segment.Place)
        {
            EncodedPiece piece = behind(place);
            piece.Count.ShouldBePositive();
            place += piece.Count;
            yield return piece;
        }
    }

    private static int BlockOf(EncodedPiece piece)
    {
        MemoryMarshal.TryGetArray(piece.Bytes, out ArraySegment<byte> bytes).ShouldBeTrue();
        return bytes.Array!.Length;
    }

    private static string Text(EncodedPiece piece) => Encoding.UTF8.GetString(piece.Bytes.Span);

    private static ResultRow RowOf(int seq, int urlLength) => new()
    {
        FetchKey = 1,
        Seq = seq,
        Index = seq - 1,
        Method = "GET",
        Url = $"http://a.test/{seq}/".PadRight(urlLength, 'x'),
    };
}
