using System.Runtime.CompilerServices;

namespace AsyncApi.Patterns;

/// <summary>
/// Who did what when in one run. Entries are in the order in which they happened, none is lost, and any number of readers
/// may follow from the first one on, while the run goes on or later.
/// </summary>
public sealed class PatternTrace(TimeProvider time)
{
    /// <summary>No run has more entries, so that a trace can be kept and sent whole.</summary>
    public const int MaxEntries = 4096;

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly List<TraceEntry> _entries = [];
    private readonly SortedList<int, PatternSpan> _ended = [];
    private TaskCompletionSource _more = NewSignal();
    private int _started;
    private bool _closed;

    /// <summary>The time since the start of the run.</summary>
    public double ElapsedMs => Math.Round(time.GetElapsedTime(_start).TotalMilliseconds, 3);

    /// <summary>The tasks that have ended, in the order in which they started.</summary>
    public IReadOnlyList<PatternSpan> Spans
    {
        get
        {
            lock (_gate)
            {
                return [.. _ended.Values];
            }
        }
    }

    /// <summary>What was said so far.</summary>
    public IReadOnlyList<PatternEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.OfType<PatternEvent>()];
            }
        }
    }

    /// <summary>All entries from the first on, as they come; ends with the run.</summary>
    public async IAsyncEnumerable<TraceEntry> FollowAsync([EnumeratorCancellation] CancellationToken token)
    {
        int next = 0;
        while (true)
        {
            (TraceEntry? entry, Task? more) = At(next);
            if (entry is not null)
            {
                next++;
                yield return entry;
            }
            else if (more is not null)
            {
                await more.WaitAsync(token);
            }
            else
            {
                yield break;
            }
        }
    }

    internal void Event(string task, string message)
    {
        lock (_gate)
        {
            Add(new PatternEvent(ElapsedMs, task, message));
        }
    }

    /// <summary>Returns what <see cref="End"/> asks for.</summary>
    internal (int Number, double StartMs) Start(string task, string lane)
    {
        lock (_gate)
        {
            double now = ElapsedMs;
            Add(new PatternSpanStart(task, lane, now));
            return (_started++, now);
        }
    }

    internal void End(int number, PatternSpan span)
    {
        lock (_gate)
        {
            _ended.Add(number, span);
            Add(span);
        }
    }

    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _more.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (TraceEntry? Entry, Task? More) At(int index)
    {
        lock (_gate)
        {
            return index < _entries.Count ? (_entries[index], null) : (null, _closed ? null : _more.Task);
        }
    }

    private void Add(TraceEntry entry)
    {
        // The end of a span is always kept: there is one for each start.
        if (_entries.Count >= MaxEntries && entry is not PatternSpan)
            throw new PatternLimitException($"A run has at most {MaxEntries} entries in its trace.");
        _entries.Add(entry);
        _more.TrySetResult();
        _more = NewSignal();
    }
}
