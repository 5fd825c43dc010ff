using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AsyncApi.Tests.Fetches;
using AsyncApi.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AsyncApi.Tests.Docs;

/// <summary>The document is part of the product: it changes only where somebody meant it to, and that shows in the review.</summary>
public sealed class OpenApiDocumentTests(ServiceWithTarget both) : IClassFixture<ServiceWithTarget>
{
    private const string Address = "/swagger/v1/swagger.json";

    private static readonly string Snapshot = Path.Combine(Repository.Root, "tests", "AsyncApi.Tests", "Docs", "openapi.json");

    private readonly ServiceUnderTest _service = both.Service;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_is_the_one_that_was_accepted()
    {
        string actual = (await _service.Client.GetStringAsync(Address, Token)).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(Snapshot, actual, Token);
        string accepted = File.Exists(Snapshot) ? await File.ReadAllTextAsync(Snapshot, Token) : "";

        if (actual != accepted)
        {
            string beside = Path.ChangeExtension(Snapshot, ".new.json");
            await File.WriteAllTextAsync(beside, actual, Token);
            Assert.Fail($"The OpenAPI document has changed. The new one is {beside}; to accept it, run this test with UPDATE_SNAPSHOTS=1.");
        }
    }

    [Fact]
    public async Task Every_route_is_documented_and_every_operation_has_a_route()
    {
        JsonElement document = await DocumentAsync();
        IEnumerable<string> routes = _service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("swagger", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Where((method, i) => i == 0 || method != HttpMethods.Head)
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/').Replace("**", "", StringComparison.Ordinal)}"));

        Operations(document).Select(operation => operation.Name).Order(StringComparer.Ordinal).ShouldBe(routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_has_an_id_of_its_own_a_summary_and_described_parameters()
    {
        (string Name, JsonElement Value)[] operations = [.. Operations(await DocumentAsync())];

        operations.Select(operation => operation.Value.Text("operationId")).ShouldBeUnique();
        foreach ((string name, JsonElement operation) in operations)
        {
            operation.Text("summary").ShouldNotBeNullOrWhiteSpace(name);
            JsonElement[] parameters = operation.TryGetProperty("parameters", out JsonElement list) ? [.. list.EnumerateArray()] : [];
            parameters.ShouldAllBe(parameter => parameter.GetProperty("description").GetString()!.Length > 0, name);
            parameters.Select(parameter => parameter.Text("in") + parameter.Text("name")).ShouldBeUnique();
            parameters.Where(parameter => parameter.Text("in") == "path").ShouldAllBe(parameter => parameter.GetProperty("required").GetBoolean());
        }
    }

    [Fact]
    public async Task Every_answer_that_is_text_shows_an_example()
    {
        foreach ((string name, JsonElement operation) in Operations(await DocumentAsync()))
        {
            JsonProperty[] answers = [.. operation.GetProperty("responses").EnumerateObject()];
            answers.ShouldContain(answer => answer.Name[0] == '2', name);
            foreach (JsonProperty answer in answers.Where(answer => answer.Value.TryGetProperty("content", out _)))
            {
                foreach (JsonProperty form in answer.Value.GetProperty("content").EnumerateObject().Where(form => form.Name != "application/octet-stream"))
                    form.Value.TryGetProperty("example", out _).ShouldBeTrue($"{name} {answer.Name} {form.Name}");
                if (answer.Name[0] == '4')
                    answer.Value.GetProperty("content").TryGetProperty("application/problem+json", out _).ShouldBeTrue($"{name} {answer.Name}");
            }
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_schema_is_used()
    {
        JsonElement document = await DocumentAsync();
        document.Text("openapi").ShouldStartWith("3.1.");

        string[] references = [.. Regex.Matches(document.GetRawText(), "\"\\$ref\": *\"(?<target>[^\"]+)\"", RegexOptions.None, TimeSpan.FromSeconds(5))
            .Select(match => match.Groups["target"].Value).Distinct(StringComparer.Ordinal)];
        string[] schemas = [.. document.At("components.schemas").EnumerateObject().Select(schema => $"#/components/schemas/{schema.Name}")];

        references.Order(StringComparer.Ordinal).ShouldBe(schemas.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Example_of_every_body_is_taken_by_the_service()
    {
        JsonElement content = (await DocumentAsync()).GetProperty("paths").GetProperty("/fetches").GetProperty("post").At("requestBody.content");

        content.EnumerateObject().Select(form => form.Name).ShouldBe(["application/json", "text/uri-list", "application/x-ndjson"]);
        foreach (JsonProperty form in content.EnumerateObject())
        {
            JsonElement example = form.Value.GetProperty("example");
            string body = example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText();
            // The examples' host exists: what is asked here is only whether they are understood.
            string own = body.Replace("https://example.com/", both.Target.Url("ok/"), StringComparison.Ordinal);
            using HttpResponseMessage answer = await _service.PostAsync("/fetches", own, form.Name);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, form.Name);
        }
    }

    [Fact]
    public async Task Answers_hold_what_their_schemas_say()
    {
        JsonElement document = await DocumentAsync();
        string path = await _service.SubmitAsync(ServiceCalls.Batch([both.Target.Url("ok/1"), both.Target.Url("status/404")]));
        JsonElement fetch = await _service.OverAsync(path);
        JsonElement job = await _service.JsonAsync(path.Replace("fetches", "jobs", StringComparison.Ordinal));
        JsonElement[] results = await _service.ResultsAsync(path, "&include=headers,body");

        ShouldMatch(document, "FetchView", fetch);
        ShouldMatch(document, "JobView", job);
        ShouldMatch(document, "ResultView", results[0]);
        ShouldMatch(document, "ResultView", results[1]);
    }

    // Required members are there, no member is unknown, and null stands only where it may.
    private static void ShouldMatch(JsonElement document, string name, JsonElement value)
    {
        JsonElement schema = document.At("components.schemas").GetProperty(name);
        JsonElement properties = schema.GetProperty("properties");
        schema.GetProperty("required").EnumerateArray().ShouldAllBe(member => value.GetProperty(member.GetString()!).ValueKind != JsonValueKind.Null, name);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            properties.TryGetProperty(member.Name, out JsonElement known).ShouldBeTrue($"{name}.{member.Name}");
            if (member.Value.ValueKind == JsonValueKind.Null)
                known.GetRawText().ShouldContain("\"null\"", Case.Sensitive, $"{name}.{member.Name}");
            if (member.Value.ValueKind == JsonValueKind.Object && known.TryGetProperty("$ref", out JsonElement reference))
                ShouldMatch(document, reference.GetString()!.Split('/')[^1], member.Value);
        }
    }

    private static IEnumerable<(string Name, JsonElement Value)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    private async Task<JsonElement> DocumentAsync() => JsonSerializer.Deserialize<JsonElement>(await _service.Client.GetStringAsync(Address, Token));
}
