namespace AsyncApi.Http;

/// <summary>One line for each request. The query, headers and bodies never stand in it, since they may hold secrets.</summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> logger)
{
    private const int MaxPath = 512;

    public async Task InvokeAsync(HttpContext context)
    {
        long start = time.GetTimestamp();
        bool broken = true;
        try
        {
            await next(context);
            broken = false;
        }
        finally
        {
            Write(context, time.GetElapsedTime(start), broken);
        }
    }

    private void Write(HttpContext context, TimeSpan elapsed, bool broken)
    {
        int status = context.Response.StatusCode;
        LogLevel level = context.GetEndpoint()?.Metadata.GetMetadata<QuietLog>() is not null ? LogLevel.Debug
            : status >= StatusCodes.Status500InternalServerError || (broken && !context.RequestAborted.IsCancellationRequested) ? LogLevel.Error
            : LogLevel.Information;
        if (!logger.IsEnabled(level))
            return;

        // In its encoded form a path holds no control characters, so that no line can be forged.
        string path = context.Request.Path.ToUriComponent();
        string shown = path.Length > MaxPath ? path[..MaxPath] : path;
        double milliseconds = Math.Round(elapsed.TotalMilliseconds, 1);
        string requestId = context.GetRequestId();
        Answered(level, context.Request.Method, shown, status, milliseconds, requestId);
    }

    [LoggerMessage("{Method} {Path} answered {Status} in {ElapsedMs} ms ({RequestId})")]
    private partial void Answered(LogLevel level, string method, string path, int status, double elapsedMs, string requestId);
}

/// <summary>Marks endpoints whose calls are noise, such as health checks.</summary>
internal sealed class QuietLog;

internal static class QuietLogExtensions
{
    /// <summary>Logs the calls of this endpoint at debug level.</summary>
    public static TBuilder WithQuietLog<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new QuietLog());
}
