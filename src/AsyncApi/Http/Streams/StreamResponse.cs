using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace AsyncApi.Http.Streams;

/// <summary>Starts an answer that goes on: nothing on the way may buffer or keep it, and its headers leave at once.</summary>
internal static class StreamResponse
{
    public static async Task<PipeWriter> StartAsync(HttpContext context, string contentType, CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.StartAsync(cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);
        await HeadRequests.HeadersSentAsync(context);
        return response.BodyWriter;
    }

    /// <summary>Whether the reader was still there.</summary>
    public static bool IsRead(FlushResult flushed) => !flushed.IsCompleted && !flushed.IsCanceled;
}
