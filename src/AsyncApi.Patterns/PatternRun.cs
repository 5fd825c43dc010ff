using System.Collections.Concurrent;

namespace AsyncApi.Patterns;

/// <summary>What one run works with: its clock, its trace, its randomness and its host. The run's time starts when this is made.</summary>
public sealed class PatternRun(TimeProvider time, PatternHost? host = null, Random? random = null)
{
    /// <summary>No run starts more tasks.</summary>
    public const int MaxTasks = 256;

    private readonly ConcurrentQueue<Task> _tasks = new();
    private int _started;

    /// <summary>The only clock of a pattern: in a test it is moved by hand.</summary>
    public TimeProvider Time => time;

    /// <summary>What happened so far.</summary>
    public PatternTrace Trace { get; } = new(time);

    /// <summary>What the program around gives.</summary>
    public PatternHost Host { get; } = host ?? PatternHost.None;

    /// <summary>For one task at a time.</summary>
    public Random Random { get; } = random ?? new Random();

    /// <summary>Waits on the run's clock, and holds no thread meanwhile.</summary>
    public Task Delay(TimeSpan delay, CancellationToken token) => Task.Delay(delay, time, token);

    /// <inheritdoc cref="Delay(TimeSpan, CancellationToken)"/>
    public Task Delay(double seconds, CancellationToken token)
        // Timers count whole milliseconds and cut the rest: eight times 0.2 would be 1599.
        => Delay(TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)), token);

    /// <summary>Notes what a task says.</summary>
    public void Event(string task, string message) => Trace.Event(task, message);

    /// <summary>
    /// Starts a task and notes when it started, when it ended and how. The body runs on the caller's thread up to its first wait.
    /// The run doesn't end before the task has.
    /// </summary>
    /// <exception cref="PatternLimitException">The run has had its <see cref="MaxTasks"/> tasks.</exception>
    public Task<T> SpanAsync<T>(string task, Func<CancellationToken, Task<T>> body, CancellationToken token, string? lane = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (Interlocked.Increment(ref _started) > MaxTasks)
            throw new PatternLimitException($"A run has at most {MaxTasks} tasks.");
        Task<T> running = TracedAsync(task, lane ?? task, body, token);
        _tasks.Enqueue(running);
        return running;
    }

    /// <inheritdoc cref="SpanAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken, string?)"/>
    public Task SpanAsync(string task, Func<CancellationToken, Task> body, CancellationToken token, string? lane = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SpanAsync(task, Unit, token, lane);

        async Task<bool> Unit(CancellationToken inner)
        {
            await body(inner);
            return true;
        }
    }

    /// <summary>Waits until every task has ended, however it ended.</summary>
    internal async Task AllEndedAsync()
    {
        while (_tasks.TryDequeue(out Task? task))
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<T> TracedAsync<T>(string task, string lane, Func<CancellationToken, Task<T>> body, CancellationToken token)
    {
        (int number, double startMs) = Trace.Start(task, lane);
        SpanOutcome outcome = SpanOutcome.Failed;
        try
        {
            T result = await body(token);
            outcome = SpanOutcome.Completed;
            return result;
        }
        catch (OperationCanceledException)
        {
            outcome = SpanOutcome.Cancelled;
            throw;
        }
        finally
        {
            Trace.End(number, new PatternSpan(task, lane, startMs, Trace.ElapsedMs, outcome));
        }
    }
}
