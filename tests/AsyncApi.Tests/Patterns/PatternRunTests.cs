using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AsyncApi.Http.Problems;
using AsyncApi.Patterns;
using AsyncApi.Tests.Http;
using AsyncApi.TestSupport;

namespace AsyncApi.Tests.Patterns;

public sealed class PatternRunTests : IAsyncLifetime
{
    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await PatternTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Run_answers_with_result_spans_and_events()
    {
        JsonElement run = await (await RunAsync("gather", new { seconds = new[] { 0.02, 0 } })).JsonAsync();

        run.EnumerateObject().Select(member => member.Name).ShouldBe(["pattern", "elapsedMs", "result", "error", "spans", "events"]);
        run.GetProperty("result").EnumerateArray().Select(page => page.GetString()).ShouldBe(["page 1", "page 2"]);
        JsonElement span = run.GetProperty("spans")[0];
        span.EnumerateObject().Select(member => member.Name).ShouldBe(["task", "lane", "startMs", "endMs", "outcome"], ignoreOrder: true);
        span.GetProperty("outcome").GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task Run_without_a_body_takes_the_defaults()
    {
        HttpResponseMessage answer = await _app.Client.PostAsync("/patterns/tcp-echo/runs", null, Token);

        JsonElement run = await answer.JsonAsync();
        run.GetProperty("result").GetProperty("lines").GetArrayLength().ShouldBe(3);
        JsonElement said = run.GetProperty("events")[0];
        said.EnumerateObject().Select(member => member.Name).ShouldBe(["atMs", "task", "message"], ignoreOrder: true);
    }

    [Fact]
    public async Task Everything_wrong_with_the_parameters_is_named_by_its_path()
    {
        HttpResponseMessage answer = await RunAsync("http-fan-out", new { urls = 101, concurrency = "many", misspelt = 1 });

        JsonElement errors = (await answer.ShouldBeProblemAsync(ProblemTypes.Validation)).GetProperty("errors");
        errors.EnumerateObject().Select(fault => fault.Name).ShouldBe(
            ["parameters.urls", "parameters.concurrency", "parameters.misspelt"], ignoreOrder: true);
        errors.GetProperty("parameters.urls")[0].GetString().ShouldBe("must be between 1 and 100");
    }

    [Theory]
    [InlineData("""{"parameters":[]}""", "parameters")]
    [InlineData("""{"parameters":{"seconds":[1,99]}}""", "parameters.seconds[1]")]
    [InlineData("""{"parameters":{"a b":1}}""", "parameters[\"a b\"]")]
    [InlineData("""{"seconds":[1]}""", "seconds")]
    public async Task Fault_stands_under_its_path(string body, string path)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");

        HttpResponseMessage answer = await _app.Client.PostAsync("/patterns/gather/runs", content, Token);

        (await answer.ShouldBeProblemAsync(ProblemTypes.Validation)).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe(path);
    }

    [Fact]
    public async Task Pattern_reaches_the_service_itself_through_the_guarded_engine()
    {
        JsonElement run = await (await RunAsync("http-fan-out", new { urls = 20, concurrency = 5, missingEvery = 10 })).JsonAsync();

        JsonElement result = Result(run);
        result.GetProperty("mostAtOnce").GetInt32().ShouldBe(5);
        JsonElement[] fetched = [.. result.GetProperty("fetched").EnumerateArray()];
        fetched.Count(url => url.GetProperty("length").ValueKind == JsonValueKind.Number).ShouldBe(18);
        fetched[9].GetProperty("error").GetString().ShouldBe("The answer was 404.");
    }

    [Fact]
    public async Task Processes_files_and_database_work_in_the_service()
    {
        JsonElement pool = await (await RunAsync("process-pool", new { processes = 1, primes = new[] { 1000 }, names = 10 })).JsonAsync();
        JsonElement memory = await (await RunAsync("shared-memory", new { processes = 2, count = 10_000 })).JsonAsync();
        JsonElement database = await (await RunAsync("database", new { name = "Jane" })).JsonAsync();

        Result(pool).GetProperty("primes")[0].GetInt32().ShouldBe(7919);
        Result(pool).GetProperty("fault").GetString()!.ShouldContain("exit code 3");
        Result(memory).GetProperty("wrong").GetInt32().ShouldBe(0);
        Result(database).GetProperty("rows")[0].GetProperty("name").GetString().ShouldBe("Jane");
    }

    [Fact]
    public async Task Runs_are_limited_in_number_and_cancelled_when_their_client_leaves()
    {
        List<HttpResponseMessage> running = [];
        for (int i = 0; i < PatternPlaces.Max; i++)
        {
            running.Add(await BeginAsync("hello", new { seconds = 10 }));
        }

        HttpResponseMessage refused = await RunAsync("hello", new { seconds = 0 });
        await refused.ShouldBeProblemAsync(ProblemTypes.QueueFull);
        refused.Headers.RetryAfter.ShouldNotBeNull();

        running.ForEach(response => response.Dispose());

        // Far sooner than the ten seconds that they would have run on.
        await Eventually.Until(async () => (await RunAsync("hello", new { seconds = 0 })).IsSuccessStatusCode, TimeSpan.FromSeconds(5));
    }

    private static JsonElement Result(JsonElement run)
    {
        run.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null, run.GetRawText());
        return run.GetProperty("result");
    }

    private Task<HttpResponseMessage> RunAsync(string pattern, object parameters)
        => _app.Client.PostAsJsonAsync($"/patterns/{pattern}/runs", new { parameters }, Token);

    /// <summary>A run that is under way when this returns, and that disposing of the answer leaves.</summary>
    private async Task<HttpResponseMessage> BeginAsync(string pattern, object parameters)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/patterns/{pattern}/runs");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Content = JsonContent.Create(new { parameters });
        HttpResponseMessage response = await _app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return response;
    }
}
