using AsyncApi.Patterns.Resources;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests.Resources;

public sealed class ReadWriteFileTests
{
    [Fact]
    public async Task Text_comes_back_whole_and_by_line_and_a_failing_reader_leaves_the_file_closed()
    {
        using TempFolder folder = new();

        PatternOutcome outcome = await RunUnderTest.LiveAsync(
            "read-write-file", new { text = "first\nsecond\n\nvierte Zeile: größer" }, new PatternHost { TempFolder = folder.Path });

        ReadWriteFileResult result = outcome.Result.ShouldBeOfType<ReadWriteFileResult>(outcome.Error?.Message);
        result.Text.ShouldBe("first\nsecond\n\nvierte Zeile: größer");
        result.Lines.ShouldBe(["first", "second", "", "vierte Zeile: größer"]);
        result.ClosedOnFailure.ShouldBeTrue();
        outcome.Span("fail").Outcome.ShouldBe(SpanOutcome.Failed);
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Host_without_a_folder_is_said()
    {
        PatternOutcome outcome = await RunUnderTest.LiveAsync("read-write-file");

        outcome.Error.ShouldNotBeNull().Message.ShouldBe("This host gives patterns no folder.");
    }
}
