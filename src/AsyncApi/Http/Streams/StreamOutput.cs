using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace AsyncApi.Http.Streams;

/// <summary>
/// The way out of an answer that goes on: nothing on the way may buffer or keep it, and its headers leave at once. When the service stops,
/// what is on its way to a reader has a moment to arrive.
/// </summary>
internal sealed class StreamOutput : IDisposable
{
    // To cancel a flush resets the connection: whoever is a little behind would lose what he had nearly got. Nor may one who does not read
    // at all hold up the shutdown.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _cut = new();
    private readonly CancellationTokenRegistration _stopping;

    private StreamOutput(HttpContext context)
    {
        Pipe = context.Response.BodyWriter;
        CancellationToken stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        _stopping = stopping.UnsafeRegister(static cut => ((CancellationTokenSource)cut!).CancelAfter(Grace), _cut);
    }

    /// <summary>To write to.</summary>
    public PipeWriter Pipe { get; }

    /// <summary>Sends the headers.</summary>
    public static async Task<StreamOutput> StartAsync(HttpContext context, string contentType, CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.StartAsync(cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);
        await HeadRequests.HeadersSentAsync(context);
        return new StreamOutput(context);
    }

    /// <summary>Sends what was written, waiting for a slow reader. False when the reader has left: stop then.</summary>
    /// <param name="cancellationToken">Nothing is sent any more once it has ended; what is being sent is not cancelled by it.</param>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return IsRead(await Pipe.FlushAsync(_cut.Token));
    }

    /// <summary>Sends these bytes after what was written.</summary>
    /// <inheritdoc cref="FlushAsync"/>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return IsRead(await Pipe.WriteAsync(bytes, _cut.Token));
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _cut.Dispose();
    }

    private static bool IsRead(FlushResult flushed) => !flushed.IsCompleted && !flushed.IsCanceled;
}
