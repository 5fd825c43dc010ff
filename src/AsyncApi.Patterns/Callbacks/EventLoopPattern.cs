using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AsyncApi.Patterns.Callbacks;

internal sealed record EventLoopParameters
{
    [Description("How long the first coroutine waits, in seconds; the second waits half of it."), Range(0.0, 5.0)]
    public double Seconds { get; init; } = 1;
}

internal sealed record EventLoopResult(IReadOnlyList<string> Order, int Threads, int PendingAfterStop);

internal sealed class EventLoopPattern() : Pattern<EventLoopParameters>(
    "event-loop",
    "The loop itself",
    "One thread runs all: what is ready in order, timers when due, a coroutine between its waits; after stop nothing does, and what is left is counted.",
    asyncio: "loop.run_until_complete, loop.run_forever, loop.stop, loop.call_soon, loop.call_later",
    dotnet: "a SynchronizationContext with a queue; .NET itself needs none, its pool runs what is ready on any thread")
{
    // The loop keeps its thread for as long as it runs, so it gets one of its own.
    protected override async Task<object?> RunAsync(EventLoopParameters parameters, PatternRun run, CancellationToken token) =>
        await Task.Factory.StartNew(() => Main(parameters, run, token), token, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static EventLoopResult Main(EventLoopParameters parameters, PatternRun run, CancellationToken token)
    {
        using EventLoop loop = new(run.Time);
        Journal journal = new(run);

        // Turn 1: soon 1, soon 2, then the timer that is due at once. Turn 2: what turn 1 asked for.
        loop.CallSoon(() =>
        {
            journal.Note("soon 1");
            loop.CallSoon(() => journal.Note("soon 3, asked for by soon 1"));
        });
        loop.CallSoon(() => journal.Note("soon 2"));
        loop.CallLater(0, () => journal.Note("later, due at once"));
        loop.CallLater(0, () => journal.Note("never: cancelled")).Cancel();

        string[] results = loop.RunUntilComplete(
            () => Task.WhenAll(
                run.SpanAsync("coroutine 1", inner => CoroutineAsync("coroutine 1", parameters.Seconds, inner), token),
                run.SpanAsync("coroutine 2", inner => CoroutineAsync("coroutine 2", parameters.Seconds / 2, inner), token)),
            token);
        journal.Note($"complete: {string.Join(", ", results)}");

        // Stop ends the loop with the turn that it is called in; what that turn asks for is left over.
        loop.CallSoon(loop.Stop);
        loop.CallSoon(() => loop.CallSoon(() => journal.Note("never: the loop has stopped")));
        loop.CallLater(parameters.Seconds, () => journal.Note("never: not due before the stop"));
        loop.RunForever(token);
        int pending = loop.Pending;
        run.Event("loop", $"stopped, {pending} callbacks never ran");
        return new EventLoopResult(journal.Lines, journal.Threads, pending);

        async Task<string> CoroutineAsync(string name, double seconds, CancellationToken inner)
        {
            journal.Note($"{name} starts");
            await run.Delay(seconds, inner);
            journal.Note($"{name} ends");
            return name;
        }
    }

    // No lock: were it ever needed, the pattern would be broken.
    private sealed class Journal(PatternRun run)
    {
        private readonly HashSet<int> _threads = [];
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public int Threads => _threads.Count;

        public void Note(string line)
        {
            run.Event("loop", line);
            _threads.Add(Environment.CurrentManagedThreadId);
            _lines.Add(line);
        }
    }
}
