using System.Text.Json;
using AsyncApi.Http;
using AsyncApi.Http.Streams;

namespace AsyncApi.Patterns;

/// <summary>Answers a run with its events, each as it happens.</summary>
internal static class PatternStreamEndpoints
{
    // A reader that comes back starts another run, so it should not be in a hurry.
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the run is over and said so, or throws when it was cancelled; either way nothing of it is left.</summary>
    public static async Task<IResult> StreamAsync(
        HttpContext context, IPattern pattern, object parameters, PatternRun run, TimeProvider time, CancellationToken token)
    {
        using CancellationTokenSource left = CancellationTokenSource.CreateLinkedTokenSource(token);
        await using SseWriter events = await SseWriter.StartAsync(context, time, Retry, token);
        Task<PatternOutcome> running = PatternRunner.RunAsync(pattern, parameters, run, left.Token);
        try
        {
            await WriteTraceAsync(events, run.Trace, token);
            PatternOutcome outcome = await running;
            Write(events, id: null, "end", outcome);
            await events.FlushAsync(token);
        }
        finally
        {
            await left.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return TypedResults.Empty;
    }

    private static async Task WriteTraceAsync(SseWriter events, PatternTrace trace, CancellationToken token)
    {
        await using IAsyncEnumerator<TraceEntry> entries = trace.FollowAsync(token).GetAsyncEnumerator(token);
        for (long id = 1; await events.WaitAsync(entries.MoveNextAsync().AsTask(), token); id++)
        {
            Write(events, id, NameOf(entries.Current), entries.Current);
            if (!await events.FlushAsync(token))
            {
                throw new OperationCanceledException("The reader has left.");
            }
        }
    }

    private static string NameOf(TraceEntry entry) => entry switch
    {
        PatternSpanStart => "start",
        PatternSpan => "span",
        _ => "event",
    };

    // By the object's own type, so that nothing of an entry is left out.
    private static void Write(SseWriter events, long? id, string name, object data) =>
        events.Write(id, name, data, static (json, value) => JsonSerializer.Serialize(json, value, value.GetType(), JsonDefaults.Options));
}
