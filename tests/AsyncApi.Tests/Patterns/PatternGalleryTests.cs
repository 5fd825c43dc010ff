using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Patterns;

public sealed class PatternGalleryTests : IAsyncLifetime
{
    /// <summary>The names of the contract, in its order.</summary>
    private const string Names =
        "hello sequential create-task gather gather-return-exceptions as-completed wait wait-for timeout timeout-at cancel shield task-group semaphore "
        + "lock event condition queue backpressure retry to-thread executor process-pool shared-memory cpu-and-io tcp-echo udp-echo subprocess "
        + "async-context-manager async-iterator async-generator context-variables future call-later done-callback event-loop blocking-vs-async "
        + "read-write-file database http-fan-out";

    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await PatternTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task List_has_the_forty_patterns_of_the_contract_with_all_their_members()
    {
        JsonElement list = await (await _app.Client.GetAsync("/patterns", Token)).JsonAsync();

        list.EnumerateArray().Select(pattern => pattern.GetProperty("name").GetString()).ShouldBe(Names.Split(' '));
        foreach (JsonElement pattern in list.EnumerateArray())
        {
            pattern.EnumerateObject().Select(member => member.Name).ShouldBe(["name", "title", "summary", "asyncio", "dotnet", "parameters"]);
            pattern.GetProperty("parameters").GetProperty("type").GetString().ShouldBe("object");
        }
    }

    [Fact]
    public async Task Pattern_shows_its_source_as_it_stands_in_the_repository()
    {
        JsonElement pattern = await (await _app.Client.GetAsync("/patterns/tcp-echo", Token)).JsonAsync();

        string file = Path.Combine(Repository.Root, "src", "AsyncApi.Patterns", "Sockets", "TcpEchoPattern.cs");
        pattern.GetProperty("source").GetString().ShouldBe(await File.ReadAllTextAsync(file, Token));
        pattern.GetProperty("parameters").GetProperty("properties").GetProperty("lines").GetProperty("maxItems").GetInt32().ShouldBe(100);
    }

    [Fact]
    public async Task Unknown_pattern_is_not_found()
    {
        await (await _app.Client.GetAsync("/patterns/nothing", Token)).ShouldBeProblemAsync(ProblemTypes.NotFound);
        await (await _app.Client.PostAsync("/patterns/nothing/runs", null, Token)).ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Document_describes_the_routes()
    {
        JsonElement paths = (await (await _app.Client.GetAsync("/swagger/v1/swagger.json", Token)).JsonAsync()).GetProperty("paths");

        paths.GetProperty("/patterns").GetProperty("get").GetProperty("operationId").GetString().ShouldBe("listPatterns");
        paths.GetProperty("/patterns/{name}").GetProperty("get").GetProperty("operationId").GetString().ShouldBe("getPattern");
        JsonElement run = paths.GetProperty("/patterns/{name}/runs").GetProperty("post");
        run.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example")
            .GetProperty("parameters").GetProperty("seconds").GetArrayLength().ShouldBe(2);
        run.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).ShouldBe(["200", "400", "404", "406", "413", "415", "503"]);
    }
}
