using AsyncApi.Http.Docs;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AsyncApi.Hosts;

internal static class HostEndpoints
{
    private const int MaxBodyBytes = 64 * 1024;
    private const string Host = "Name and port, such as `example.com:443`";

    public static RouteGroupBuilder MapHosts(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder hosts = routes.MapGroup("/hosts").WithTags("Hosts");
        hosts.MapGet("/", ListAsync).WithName("listHosts")
            .WithSummary("List the hosts that are in use, held, broken or limited")
            .WithDescription("What holds requests back: limits, `Retry-After`, and the circuit breaker, which opens when most recent attempts failed.")
            .WithAnswer<HostList>(200, "All of them, by name", example: HostExamples.List);
        hosts.MapPatch("/{host}", ChangeAsync).WithName("changeHost")
            .WithSummary("Set the service-wide limits of a host")
            .WithDescription("In force when the answer comes, over all fetches, and after a restart too. What is left out stays; null takes the default.")
            .WithPath<string>("host", Host, "example.com:443")
            .WithBody<SubmittedHostLimits>(example: HostExamples.Limits)
            .WithAnswer<HostView>(200, "The host as it is now", example: HostExamples.Closed)
            .ProducesProblems(
                ProblemTypes.NotFound, ProblemTypes.Validation, ProblemTypes.MalformedBody, ProblemTypes.PayloadTooLarge, ProblemTypes.UnsupportedMediaType);
        hosts.MapPost("/{host}/reset", ResetAsync).WithName("resetHost")
            .WithSummary("Close the circuit of a host")
            .WithDescription("What was learnt of its failures is forgotten, and requests that wait for it go on.")
            .WithPath<string>("host", Host, "example.com:443")
            .WithAnswer<HostView>(200, "The host as it is now", example: HostExamples.Closed)
            .ProducesProblems(ProblemTypes.NotFound, ProblemTypes.Validation);
        return hosts;
    }

    private static async Task<Ok<HostList>> ListAsync(HostControl control) => TypedResults.Ok(new HostList(await control.ListAsync()));

    private static async Task<Results<Ok<HostView>, ProblemResult>> ChangeAsync(
        string host, HttpContext context, HostControl control, CancellationToken token)
    {
        if (Parse(host) is not { } known)
        {
            return NoHost();
        }

        StrictInput<HostChange> input = await StrictInput.ReadAsync(context, MaxBodyBytes, HostChange.Read, cancellationToken: token);
        return input.Problem is { } refusal ? refusal : TypedResults.Ok(await control.ChangeAsync(known, input.Value, token));
    }

    private static async Task<Results<Ok<HostView>, ProblemResult>> ResetAsync(string host, HttpContext context, HostControl control)
    {
        if (Parse(host) is not { } known)
        {
            return NoHost();
        }

        return QueryReader.RefusalOfAny(context.Request) is { } unknown ? unknown : TypedResults.Ok(await control.ResetAsync(known));
    }

    private static HostText? Parse(string host) => HostText.Parse(host) is { Port: not null } known ? known : null;

    private static ProblemResult NoHost() => Problem.NotFound("A host is a name and a port, such as example.com:443.");
}
