using AsyncApi.Patterns.Processes;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests.Processes;

public sealed class SharedMemoryTests
{
    [Theory]
    [InlineData(1_000_000, 2)]
    [InlineData(1_000, 3)]
    public async Task Every_element_is_squared_in_place(int count, int processes)
    {
        using TempFolder folder = new();
        PatternHost host = new() { WorkerCommand = RunUnderTest.WorkerCommand, TempFolder = folder.Path };

        PatternOutcome outcome = await RunUnderTest.LiveAsync("shared-memory", new { count, processes }, host);

        outcome.Result.ShouldBe(new SharedMemoryResult(count, Wrong: 0, processes), outcome.Error?.Message);
        outcome.Spans.Count.ShouldBe(processes);
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }
}
