using AsyncApi.Http.Streams;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Results;

/// <summary>Answers with a stream of results; for every endpoint that can.</summary>
internal static class ResultStreamEndpoints
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Streams as <see cref="NdjsonWriter.MediaType"/>, <see cref="NdjsonWriter.OtherMediaType"/> or <see cref="SseWriter.MediaType"/>
    /// until the fetch is over. A client that leaves, or the service's stop, ends it early and silently: the end record is missing.
    /// Status and further headers are the caller's, except for the 204 to an event reader that has seen everything.
    /// </summary>
    public static async Task StreamAsync(HttpContext context, FetchRecord record, string mediaType, ResultQuery query, CancellationToken token)
    {
        if (mediaType == SseWriter.MediaType && query.After >= record.Fetch.LastSeq && record.Job.Status.IsOver())
        {
            await SseWriter.NothingLeft.ExecuteAsync(context);
            return;
        }

        // Or a stream of a long fetch would hold up the shutdown.
        CancellationToken stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stopping, token);
        try
        {
            await WriteAsync(context, record, mediaType, query, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // There is nobody to tell.
        }
    }

    private static async Task WriteAsync(HttpContext context, FetchRecord record, string mediaType, ResultQuery query, CancellationToken token)
    {
        IServiceProvider services = context.RequestServices;
        ResultStreams streams = services.GetRequiredService<ResultStreams>();
        FetchViews views = services.GetRequiredService<FetchViews>();
        using TailReader tail = services.GetRequiredService<SharedResults>().Enter(record, token);
        if (mediaType == SseWriter.MediaType)
        {
            TimeProvider time = services.GetRequiredService<TimeProvider>();
            await using SseWriter events = await SseWriter.StartAsync(context, time, Retry, token);
            EventSink sink = new(events, tail.Tail, views, time);
            await streams.WriteAsync(record.Fetch.Key, query, tail, sink, token);
        }
        else
        {
            await using NdjsonWriter lines = await NdjsonWriter.StartAsync(context, mediaType, token);
            await streams.WriteAsync(record.Fetch.Key, query, tail, new LineSink(lines, views), token);
        }
    }
}
