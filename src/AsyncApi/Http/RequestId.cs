using System.Buffers;

namespace AsyncApi.Http;

/// <summary>Gives each request the id under which its answer, its log lines and the work it starts can be found.</summary>
internal sealed class RequestId(RequestDelegate next, TimeProvider time, ILogger<RequestId> logger)
{
    public const string Header = "X-Request-Id";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> VisibleAscii = SearchValues.Create([.. Enumerable.Range(0x21, 0x7F - 0x21).Select(code => (char)code)]);

    public async Task InvokeAsync(HttpContext context)
    {
        string id = Accepted(context.Request) ?? Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        context.TraceIdentifier = id;
        // Not set at once: the exception handler clears the headers of a response that has not started.
        context.Response.OnStarting(static state =>
        {
            HttpContext started = (HttpContext)state;
            started.Response.Headers[Header] = started.GetRequestId();
            return Task.CompletedTask;
        }, context);
        using (logger.BeginScope(new KeyValuePair<string, object>[] { new("RequestId", id) }))
            await next(context);
    }

    private static string? Accepted(HttpRequest request) =>
        request.Headers[Header] is [{ Length: > 0 and <= MaxLength } id] && !id.AsSpan().ContainsAnyExcept(VisibleAscii) ? id : null;
}

internal static class RequestIdExtensions
{
    /// <summary>The id of this request: the client's own when it sent an acceptable one.</summary>
    public static string GetRequestId(this HttpContext context) => context.TraceIdentifier;
}
