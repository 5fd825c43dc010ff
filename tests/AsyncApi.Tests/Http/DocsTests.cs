using System.Net;
using System.Text.Json;
using AsyncApi.Http.Problems;

namespace AsyncApi.Tests.Http;

public sealed class DocsTests : IAsyncLifetime
{
    private HttpTestApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await HttpTestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Document_is_openapi_31_and_the_same_each_time()
    {
        string first = await _app.Client.GetStringAsync("/swagger/v1/swagger.json", Token);
        await using HttpTestApp other = await HttpTestApp.StartAsync();
        string second = await other.Client.GetStringAsync("/swagger/v1/swagger.json", Token);

        JsonElement document = JsonSerializer.Deserialize<JsonElement>(first);
        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        document.GetProperty("info").GetProperty("title").GetString().ShouldBe("AsyncApi");
        document.GetProperty("info").GetProperty("license").GetProperty("name").GetString().ShouldBe("MIT");
        second.ShouldBe(first);
    }

    [Fact]
    public async Task Operation_says_what_its_endpoint_documented()
    {
        JsonElement document = await DocumentAsync();
        JsonElement operation = document.GetProperty("paths").GetProperty("/things").GetProperty("post");

        operation.GetProperty("operationId").GetString().ShouldBe("makeThing");
        operation.GetProperty("summary").GetString().ShouldBe("Makes a thing");
        operation.GetProperty("description").GetString().ShouldBe("For tests.");
        operation.GetProperty("tags")[0].GetString().ShouldBe("Things");
        operation.GetProperty("parameters").EnumerateArray()
            .Select(parameter => (parameter.GetProperty("in").GetString(), parameter.GetProperty("name").GetString()))
            .ShouldBe([("query", "size"), ("header", "Idempotency-Key")]);
        operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json")
            .GetProperty("example").GetProperty("name").GetString().ShouldBe("a");
        JsonElement answers = operation.GetProperty("responses");
        answers.EnumerateObject().Select(answer => answer.Name).ShouldBe(["200", "400", "413"]);
        answers.GetProperty("200").GetProperty("headers").GetProperty("Location").GetProperty("description").GetString().ShouldBe("Where it is.");
        answers.GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("number").GetInt32().ShouldBe(1);
        answers.GetProperty("400").GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString()
            .ShouldBe("#/components/schemas/ProblemDocument");
        answers.GetProperty("400").GetProperty("description").GetString()!.ShouldSatisfyAllConditions(
            text => text.ShouldContain("/problems/validation"),
            text => text.ShouldContain("/problems/malformed-body"));
    }

    [Fact]
    public async Task Every_operation_has_id_summary_tag_answers_and_path_parameters()
    {
        JsonElement document = await DocumentAsync();

        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                operation.Value.TryGetProperty("operationId", out _).ShouldBeTrue(path.Name);
                operation.Value.TryGetProperty("summary", out _).ShouldBeTrue(path.Name);
                operation.Value.GetProperty("tags").GetArrayLength().ShouldBe(1, path.Name);
                operation.Value.GetProperty("responses").EnumerateObject().ShouldNotBeEmpty(path.Name);
                int parameters = operation.Value.TryGetProperty("parameters", out JsonElement list)
                    ? list.EnumerateArray().Count(parameter => parameter.GetProperty("in").GetString() == "path")
                    : 0;
                parameters.ShouldBe(path.Name.Count(c => c == '{'), path.Name);
            }
        }
        document.GetProperty("components").GetProperty("schemas").GetProperty("ThingPage").GetProperty("properties").EnumerateObject()
            .Select(property => property.Name).ShouldBe(["items", "nextCursor"]);
    }

    [Fact]
    public async Task Members_that_can_be_null_say_so_and_the_others_are_required()
    {
        JsonElement schema = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty("ProblemDocument");

        schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(["instance", "requestId", "status", "title", "type"]);
        schema.GetProperty("properties").GetProperty("title").GetProperty("type").GetString().ShouldBe("string");
        schema.GetProperty("properties").GetProperty("detail").GetProperty("type").EnumerateArray()
            .Select(type => type.GetString()).ShouldBe(["null", "string"]);
    }

    [Fact]
    public async Task Swagger_ui_works_from_its_own_origin_under_its_policy()
    {
        using HttpResponseMessage page = await _app.Client.GetAsync("/swagger/index.html", Token);
        string html = await page.Content.ReadAsStringAsync(Token);
        string script = await _app.Client.GetStringAsync("/swagger/index.js", Token);

        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self';");
        policy.ShouldContain("connect-src 'self';");
        html.ShouldNotContain("http://");
        html.ShouldNotContain("https://");
        html.ShouldNotContain("<script>");
        script.ShouldContain("/swagger/v1/swagger.json");
        // Else the page would send the document's address to a validator on the internet.
        script.ShouldContain("configObject.validatorUrl = null");
        script.ShouldNotContain("\"validatorUrl\":");
        foreach (string asset in (string[])["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "index.css"])
            (await _app.Client.GetAsync($"/swagger/{asset}", Token)).StatusCode.ShouldBe(HttpStatusCode.OK, asset);
    }

    [Fact]
    public async Task Every_problem_type_has_its_page()
    {
        foreach (ProblemType type in ProblemTypes.All)
        {
            using HttpRequestMessage asBrowser = new(HttpMethod.Get, type.Uri);
            asBrowser.Headers.Add("Accept", "text/html,*/*;q=0.8");
            using HttpResponseMessage html = await _app.Client.SendAsync(asBrowser, Token);
            html.Content.Headers.ContentType?.ToString().ShouldBe("text/html; charset=utf-8");
            (await html.Content.ReadAsStringAsync(Token)).ShouldContain(type.Slug);

            using HttpRequestMessage asProgram = new(HttpMethod.Get, type.Uri);
            asProgram.Headers.Add("Accept", "application/json");
            using HttpResponseMessage json = await _app.Client.SendAsync(asProgram, Token);
            (await json.JsonAsync()).GetProperty("status").GetInt32().ShouldBe(type.Status);
        }
    }

    [Fact]
    public async Task Problem_index_lists_all_and_refuses_other_types()
    {
        string index = await _app.Client.GetStringAsync("/problems", Token);
        using HttpRequestMessage request = new(HttpMethod.Get, "/problems");
        request.Headers.Add("Accept", "image/png");
        using HttpResponseMessage refused = await _app.Client.SendAsync(request, Token);
        using HttpResponseMessage unknown = await _app.Client.GetAsync("/problems/none", Token);

        ProblemTypes.All.ShouldAllBe(type => index.Contains($"\"{type.Uri}\""));
        await refused.ShouldBeProblemAsync(ProblemTypes.NotAcceptable);
        await unknown.ShouldBeProblemAsync(ProblemTypes.NotFound);
    }

    private async Task<JsonElement> DocumentAsync() =>
        JsonSerializer.Deserialize<JsonElement>(await _app.Client.GetStringAsync("/swagger/v1/swagger.json", Token));
}
