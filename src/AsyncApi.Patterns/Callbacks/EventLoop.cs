using System.Diagnostics.CodeAnalysis;

namespace AsyncApi.Patterns.Callbacks;

/// <summary>
/// A single-threaded loop with the order that asyncio documents: each turn runs what was ready when it began, in the order in
/// which it became so; what the turn adds waits for the next one; timers that are due come behind what was ready, by due time.
/// As the context of its thread it also receives what an await goes on with, so that async methods stay on the thread.
/// </summary>
[SuppressMessage("Usage", "MA0045:Do not use blocking calls", Justification = "A loop holds its thread: that is what it is.")]
internal sealed class EventLoop(TimeProvider time) : SynchronizationContext, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _ready = new();
    private readonly PriorityQueue<LoopTimer, (long Due, long Order)> _timers = new();
    private readonly ManualResetEventSlim _wake = new();
    private long _order;
    private bool _stopping;

    /// <summary>How many callbacks wait to be run, timers included.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count + _timers.UnorderedItems.Count(item => !item.Element.IsCancelled);
            }
        }
    }

    /// <summary>From any thread.</summary>
    public void CallSoon(Action callback)
    {
        lock (_gate)
        {
            _ready.Enqueue(callback);
            _wake.Set();
        }
    }

    /// <summary>From any thread.</summary>
    public LoopTimer CallLater(double seconds, Action callback)
    {
        LoopTimer timer = new(callback);
        lock (_gate)
        {
            long due = time.GetTimestamp() + (long)(seconds * time.TimestampFrequency);
            _timers.Enqueue(timer, (due, _order++));
            _wake.Set();
        }

        return timer;
    }

    /// <summary>Ends the loop with the present turn. What is left stays, for a later run.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Runs on the calling thread until <see cref="Stop"/>.</summary>
    public void RunForever(CancellationToken token)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            do
            {
                RunOnce(token);
            }
            while (!_stopping);
        }
        finally
        {
            _stopping = false;
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs on the calling thread until the coroutine has ended, and no longer: what else there is stays as it is.</summary>
    public T RunUntilComplete<T>(Func<Task<T>> coroutine, CancellationToken token)
    {
        Task<T>? task = null;
        CallSoon(() =>
        {
            task = coroutine();
            task.GetAwaiter().OnCompleted(Stop);
        });
        RunForever(token);
        return task!.GetAwaiter().GetResult();
    }

    public void Dispose() => _wake.Dispose();

    public override void Post(SendOrPostCallback d, object? state) => CallSoon(() => d(state));

    private void RunOnce(CancellationToken token)
    {
        WaitForWork(token);
        int count;
        lock (_gate)
        {
            while (_timers.TryPeek(out LoopTimer? timer, out (long Due, long Order) key) && (timer.IsCancelled || key.Due <= time.GetTimestamp()))
            {
                _timers.Dequeue();
                _ready.Enqueue(timer.Run);
            }

            count = _ready.Count;
        }

        for (int done = 0; done < count; done++)
        {
            Take()();
        }
    }

    private void WaitForWork(CancellationToken token)
    {
        TimeSpan wait = Timeout.InfiniteTimeSpan;
        lock (_gate)
        {
            if (_timers.TryPeek(out _, out (long Due, long Order) next))
            {
                long now = time.GetTimestamp();
                wait = time.GetElapsedTime(now, Math.Max(now, next.Due));
            }

            if (_ready.Count > 0 || _stopping || wait == TimeSpan.Zero)
            {
                return;
            }

            _wake.Reset();
        }

        using ITimer timer = time.CreateTimer(_ => _wake.Set(), null, wait, Timeout.InfiniteTimeSpan);
        _wake.Wait(token);
    }

    private Action Take()
    {
        lock (_gate)
        {
            return _ready.Dequeue();
        }
    }
}

/// <summary>A callback that is due later, and can be cancelled before.</summary>
internal sealed class LoopTimer(Action callback)
{
    public bool IsCancelled { get; private set; }

    public void Cancel() => IsCancelled = true;

    public void Run()
    {
        if (!IsCancelled)
        {
            callback();
        }
    }
}
