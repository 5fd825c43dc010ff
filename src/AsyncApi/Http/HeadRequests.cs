namespace AsyncApi.Http;

/// <summary>
/// HEAD wherever GET is (RFC 9110, 9.3.2): the same handler answers, and the server sends its headers alone. A stream ends when it has
/// sent them.
/// </summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

        using CancellationTokenSource reader = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        context.Features.Set(new Reader(reader));
        context.RequestAborted = reader.Token;
        await next(context);
    }

    /// <summary>To be called by who goes on writing after the headers: to a HEAD's handler it is as if the reader had left.</summary>
    public static Task HeadersSentAsync(HttpContext context) => context.Features.Get<Reader>()?.Leaves.CancelAsync() ?? Task.CompletedTask;

    /// <summary>Lets every GET of these routes be asked as a HEAD too.</summary>
    public static void Allow(IEndpointConventionBuilder routes) => routes.Finally(static endpoint =>
    {
        int methods = endpoint.Metadata.ToList().FindIndex(item => item is IHttpMethodMetadata { HttpMethods: ["GET"] });
        if (methods >= 0)
        {
            endpoint.Metadata[methods] = new HttpMethodMetadata(GetAndHead);
        }
    });

    private sealed record Reader(CancellationTokenSource Leaves);
}
