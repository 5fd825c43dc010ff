using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Paging;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AsyncApi.Tests.Http;

/// <summary>A small service on the HTTP base, on a real Kestrel at a free port.</summary>
internal sealed class HttpTestApp : IAsyncDisposable
{
    public const int MaxBytes = 4096;

    private readonly WebApplication _app;

    private HttpTestApp(WebApplication app, CapturedLog log)
    {
        _app = app;
        Log = log;
        Address = new Uri(app.Urls.First());
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseProxy = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        Client = new HttpClient(handler) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public CapturedLog Log { get; }

    public static async Task<HttpTestApp> StartAsync(
        Action<WebApplication>? map = null, Action<IServiceCollection>? services = null, Action<WebApplicationBuilder>? configure = null)
    {
        CapturedLog log = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        // The service's own settings lie beside the tests; here they are not what is tested.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.ConfigureHardenedKestrel();
        builder.Services.AddHttpPipeline();
        builder.Services.AddAntiforgery();
        builder.Services.AddAsyncApiDocs();
        services?.Invoke(builder.Services);
        configure?.Invoke(builder);
        WebApplication app = builder.Build();
        app.UseHttpPipeline();
        app.MapProblemPages();
        app.MapAsyncApiDocs();
        MapSamples(app);
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new HttpTestApp(app, log);
    }

    /// <summary>Sends bytes as they are and returns all that comes back until the server closes.</summary>
    public async Task<string> RawAsync(string request, bool halfClose = false)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
        using TcpClient tcp = new();
        await tcp.ConnectAsync(Address.Host, Address.Port, deadline.Token);
        NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), deadline.Token);
        if (halfClose)
            tcp.Client.Shutdown(SocketShutdown.Send);
        using MemoryStream answer = new();
        try
        {
            await stream.CopyToAsync(answer, deadline.Token);
        }
        catch (IOException)
        {
            // A server that refuses a body closes before it has read it, which resets the connection behind the answer.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static void MapSamples(WebApplication app)
    {
        app.MapPost("/things", MakeThingAsync).WithName("makeThing").WithSummary("Makes a thing").WithDescription("For tests.").WithTags("Things")
            .WithBody<Thing>(example: new { name = "a" }).WithQuery<int>("size", "How big.", 3).WithHeader("Idempotency-Key", "Any.")
            .WithAnswer<Thing>(200, "The thing.", example: new Thing("a", 1)).WithAnswerHeader(200, "Location", "Where it is.")
            .ProducesProblems(ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.PayloadTooLarge);
        app.MapGet("/things/{id:long}", (long id) => id > 0 ? (IResult)TypedResults.Json(new Thing("a", id), JsonDefaults.Options) : Problem.NotFound())
            .WithName("getThing").WithSummary("One thing").WithTags("Things").WithAnswer<Thing>(200, "The thing.").ProducesProblems(ProblemTypes.NotFound);
        app.MapGet("/things", ListThings).WithName("listThings").WithSummary("Things").WithTags("Things").WithPaging()
            .WithAnswer<Page<Thing>>(200, "A page of things.").ProducesProblems(ProblemTypes.Validation);
        app.MapPost("/form", async Task<IResult> (HttpRequest request, CancellationToken cancellationToken) =>
        {
            FormBody body = await FormBody.ReadAsync(request, cancellationToken);
            return body.Problem is { } problem ? problem : TypedResults.Ok(body.Form!.Count);
        }).ExcludeFromDescription();
        app.MapGet("/bug", IResult () => throw new InvalidOperationException("secret /etc/passwd")).ExcludeFromDescription();
        app.MapGet("/status/{status:int}", (int status) => TypedResults.StatusCode(status)).ExcludeFromDescription();
        app.MapPost("/optional", async Task<IResult> (HttpContext context, CancellationToken cancellationToken) =>
        {
            using JsonBody body = await JsonBody.ReadAsync(context, MaxBytes, emptyAsObject: true, cancellationToken);
            return body.Problem is { } problem ? problem : TypedResults.Ok();
        }).ExcludeFromDescription();
        app.MapPut("/raw", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
            return TypedResults.NoContent();
        }).AcceptsAnyCharset().ExcludeFromDescription();
    }

    private static async Task<IResult> MakeThingAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(context, MaxBytes, cancellationToken: cancellationToken);
        if (body.Problem is { } problem)
            return problem;
        Faults faults = new();
        QueryReader query = new(context.Request, faults);
        query.Int32("size", 1, 10);
        query.Complete();
        JsonObjectReader reader = body.Object(faults);
        string? name = reader.String("name", maxLength: 20, required: true);
        long? number = reader.Int64("number", 0, 100);
        reader.Double("ratio", 0, 1);
        foreach (JsonObjectReader part in reader.Array("parts", max: 5)?.Objects() ?? [])
        {
            part.String("url", required: true);
            part.Complete();
        }
        reader.Complete();
        return faults.Any ? Problem.Validation(faults) : TypedResults.Json(new Thing(name!, number ?? 0), JsonDefaults.Options);
    }

    private static IResult ListThings(HttpRequest request)
    {
        Faults faults = new();
        QueryReader query = new(request, faults);
        PageRequest page = PageRequest.Read(query, CursorKind.Number);
        query.Complete();
        if (faults.Any)
            return Problem.Validation(faults);
        long first = (page.After?.First ?? 0) + 1;
        Thing[] rows = [.. Enumerable.Range(0, page.Limit + 1).Select(i => first + i).Where(id => id <= 120).Select(id => new Thing("t", id))];
        return Page.Of(rows, page, thing => Cursor.Of(thing.Number));
    }
}

internal sealed record Thing(string Name, long Number);

internal static class HttpTestExtensions
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    /// <summary>Asserts that an answer is a problem in full, and returns it.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage response, ProblemType type)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(type.Status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        JsonElement problem = await response.JsonAsync();
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{type.Slug}", text);
        problem.GetProperty("title").GetString().ShouldBe(type.Title);
        problem.GetProperty("status").GetInt32().ShouldBe(type.Status);
        problem.GetProperty("instance").GetString().ShouldBe(response.RequestMessage!.RequestUri!.AbsolutePath);
        problem.GetProperty("requestId").GetString().ShouldBe(response.Headers.GetValues("X-Request-Id").Single());
        return problem;
    }
}
