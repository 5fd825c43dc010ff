using AsyncApi.TestSupport;

namespace AsyncApi.Fetching.Tests;

/// <summary>The README's examples, as they stand there.</summary>
public sealed class ReadmeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gather_of_the_readme_runs()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        CancellationToken token = Token;
        Uri[] urls = [.. Enumerable.Range(0, 3).Select(i => new Uri(target.Url($"ok/{i}")))];

        // <gather>
        // gather: the results in the order of the list
        await using FetchEngine engine = new();
        FetchRequest[] requests = [.. urls.Select((url, index) => new FetchRequest(index, url))];
        IReadOnlyList<FetchResult> results = await engine.GatherAsync(
            requests, new FetchOptions { Concurrency = 50, PerHostConcurrency = 5, RequestsPerSecond = 10 }, token);
        foreach (FetchResult result in results)
        {
            Console.WriteLine($"{result.Request.Url} {result.Outcome} {result.Status} {result.Message}");
        }
        // </gather>

        // An engine as it comes goes to public addresses alone.
        results.Select(static result => result.Reason).ShouldBe([FetchReason.Blocked, FetchReason.Blocked, FetchReason.Blocked]);
    }

    [Fact]
    public async Task Stream_of_the_readme_runs()
    {
        await using TargetServer target = await TargetServer.StartAsync();
        FetchRequest[] requests = [Loopback.Get(target.Url("ok/1"))];
        CancellationToken token = Token;

        // <stream>
        // as_completed: each result as it comes; the first failure ends the rest
        await using FetchEngine engine = new(new FetchEngineOptions { MaxConcurrency = 500 });
        FetchOptions options = new() { StopWhen = FetchStopWhen.FirstFailure, Deadline = TimeSpan.FromMinutes(1) };
        await foreach (FetchResult result in engine.FetchAsync(requests, options, token))
        {
            using (result)
            {
                Console.WriteLine($"{result.Request.Index} {result.Status} {result.Body.Length} bytes after {result.Duration}");
            }
        }
        // </stream>
    }

    [Theory]
    [InlineData("gather", 0)]
    [InlineData("stream", 1)]
    public async Task Examples_of_the_readme_are_those_that_run(string name, int number)
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src/AsyncApi.Fetching/README.md"), Token);
        string source = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests/AsyncApi.Fetching.Tests/ReadmeTests.cs"), Token);

        string example = readme.Split("```csharp\n")[number + 1].Split("```")[0];
        string run = source.Split($"// <{name}>\n")[1].Split($"        // </{name}>")[0];

        run.Replace("\n        ", "\n", StringComparison.Ordinal).TrimStart().ShouldBe(example);
    }
}
