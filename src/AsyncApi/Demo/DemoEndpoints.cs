using System.Globalization;
using System.Net;
using System.Net.Mime;
using AsyncApi.Http;
using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using Microsoft.Extensions.Primitives;

namespace AsyncApi.Demo;

/// <summary>The two handlers of the tutorials' aiohttp server.</summary>
internal static class DemoEndpoints
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data";

    public static IEndpointRouteBuilder MapDemo(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder demo = routes.MapGroup("").WithTags("Demo");
        demo.MapPost("/demo1/{name}", EchoAsync).WithName("demo1")
            .WithSummary("Answer with a name and a form's field")
            .WithDescription("Begins before the body is there; a client that is slow to send it holds no thread.")
            .WithPath<string>("name", "Any name", "Ada")
            .WithBody<DemoForm>(UrlEncoded, "key=value")
            .WithBody<DemoForm>(Multipart)
            .WithAnswer<DemoEcho>(200, "What was sent", example: new DemoEcho("Ada", "value"))
            .ProducesProblems(
                ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.RequestTimeout, ProblemTypes.PayloadTooLarge, ProblemTypes.UnsupportedMediaType);
        demo.MapPost("/demo2", CallAsync).WithName("demo2")
            .WithSummary("Call another server before answering")
            .WithDescription("One request through the fetch engine, to `Demo:UpstreamUrl` or to the service's own `/health/live`; no thread waits for it.")
            .WithBody<DemoForm>(UrlEncoded, "key=value", required: false)
            .WithBody<DemoForm>(Multipart, required: false)
            .WithAnswer<string>(200, "The other server has answered", MediaTypeNames.Text.Plain, "welcome")
            .ProducesProblems(
                ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.RequestTimeout, ProblemTypes.PayloadTooLarge,
                ProblemTypes.UnsupportedMediaType, ProblemTypes.UpstreamFailed);
        return routes;
    }

    private static async Task<IResult> EchoAsync(string name, HttpRequest request, CancellationToken token)
    {
        Faults faults = new();
        new QueryReader(request, faults).Complete();
        FormBody body = await FormBody.ReadAsync(request, token);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        StringValues keys = body.Form!["key"];
        if (keys.Count != 1)
        {
            faults.Add("key", keys.Count == 0 ? "is required, as a field of the form" : "must stand once");
        }

        return faults.Any ? Problem.Validation(faults) : TypedResults.Ok(new DemoEcho(name, keys.ToString()));
    }

    private static async Task<IResult> CallAsync(HttpContext context, DemoUpstream upstream, CancellationToken token)
    {
        if (QueryReader.RefusalOfAny(context.Request) is { } unknown)
        {
            return unknown;
        }

        // Any form will do, also none; but it is read, so that the connection can be used again.
        if (context.Request.ContentType is not null && (await FormBody.ReadAsync(context.Request, token)).Problem is { } problem)
        {
            return problem;
        }

        return await upstream.CallAsync(OwnHealth(context), context.GetRequestId(), token)
            ? TypedResults.Text("welcome")
            : Problem.Of(ProblemTypes.UpstreamFailed, "The upstream gave no answer, or not a good one.");
    }

    // The very address that this request came to: whatever the service listens on, there it does.
    private static Uri OwnHealth(HttpContext context)
    {
        IPAddress address = context.Connection.LocalIpAddress ?? IPAddress.Loopback;
        IPEndPoint here = new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, context.Connection.LocalPort);
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{context.Request.Scheme}://{here}/health/live"));
    }

    /// <summary>A form.</summary>
    private sealed record DemoForm(string Key);

    /// <summary>What was sent.</summary>
    private sealed record DemoEcho(string Name, string Key);
}
