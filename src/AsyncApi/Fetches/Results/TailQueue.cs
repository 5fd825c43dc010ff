using System.Runtime.InteropServices;
using AsyncApi.Jobs;

namespace AsyncApi.Fetches.Results;

/// <summary>
/// The readers of a tail that wait for news. They are woken in the order in which they last were, and each takes whatever is known when
/// its turn comes: a result waits for one turn of all readers at most, and never for the end of a round that began before it.
/// </summary>
internal sealed class TailQueue(TimeProvider time, TailNews known)
{
    // A send costs that much or more whatever it carries: the more readers, the more results go with each.
    private static readonly TimeSpan RestForEach = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostRest = TimeSpan.FromMilliseconds(20);

    // Somewhat below a millisecond's work. Then others get this thread, which may be the only one.
    private const int MostAtOnce = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<TailReader> _waiting = new();
    private TailNews _news = known;
    private TaskCompletionSource _changed = JobSignals.NewSignal();

    public TailNews News => Volatile.Read(ref _news);

    public void Publish(TailNews news)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            Volatile.Write(ref _news, news);
            (changed, _changed) = (_changed, JobSignals.NewSignal());
        }

        changed.SetResult();
    }

    /// <summary>False when there is other news by now: do not wait.</summary>
    public bool TryAdd(TailReader reader, TailNews seen)
    {
        lock (_lock)
        {
            if (_news != seen)
            {
                return false;
            }

            // Who is in the line already keeps his place and is woken once for nothing: the first must be one of those who know least.
            if (reader.Place.List is null)
            {
                reader.Seen = seen;
                _waiting.AddLast(reader.Place);
            }

            return true;
        }
    }

    public void Remove(TailReader reader)
    {
        lock (_lock)
        {
            reader.Place.List?.Remove(reader.Place);
        }
    }

    /// <summary>Wakes them until the last news has come or the readers have all gone.</summary>
    public async Task WakeAsync(Task abandoned)
    {
        List<TailReader> woken = new(MostAtOnce);
        TailNews? calledAfter = null;
        while (!abandoned.IsCompleted)
        {
            Turn turn = Take(woken);
            // One after the other in one go, which is far cheaper than each as a task of its own. What readers do at the end takes longer.
            woken.ForEach(reader => reader.Wake(onThisThread: !turn.News.IsLast));
            if (woken.Count > 0)
            {
                woken.Clear();
                await Task.Yield();
            }
            else if (turn.Rest > TimeSpan.Zero)
            {
                await Task.WhenAny(Task.Delay(turn.Rest, time, CancellationToken.None), abandoned);
            }
            else if (turn.News.IsLast)
            {
                return;
            }
            else
            {
                // The counts behind the last results of a burst are not left out, only late.
                TimeSpan patience = turn.News == calledAfter ? TailReader.LongestWait : EventSink.ProgressInterval;
                Task silence = Task.Delay(patience, time, CancellationToken.None);
                if (await Task.WhenAny(turn.Changed, abandoned, silence) == silence)
                {
                    CallAll();
                    calledAfter = turn.News;
                }
            }
        }
    }

    // One clock for all of them: a timer of its own for each reader would be set anew at every wait.
    private void CallAll()
    {
        lock (_lock)
        {
            foreach (TailReader reader in _waiting)
            {
                reader.Seen = null;
            }
        }
    }

    private Turn Take(List<TailReader> woken)
    {
        lock (_lock)
        {
            TimeSpan rest = _news.IsLast ? TimeSpan.Zero : RestOf(_waiting.Count);
            long now = time.GetTimestamp();
            while (woken.Count < MostAtOnce && _waiting.First is { } first && first.Value.Seen != _news)
            {
                TimeSpan left = first.Value.WokenAt is { } last ? rest - time.GetElapsedTime(last, now) : TimeSpan.Zero;
                if (left > TimeSpan.Zero)
                {
                    return new Turn(_news, _changed.Task, left > LeastRest ? left : LeastRest);
                }

                _waiting.RemoveFirst();
                first.Value.WokenAt = now;
                woken.Add(first.Value);
            }

            return new Turn(_news, _changed.Task, TimeSpan.Zero);
        }
    }

    private static TimeSpan RestOf(int readers)
    {
        TimeSpan rest = RestForEach * readers;
        return rest < LeastRest ? TimeSpan.Zero : rest < MostRest ? rest : MostRest;
    }

    /// <param name="News">What is known.</param>
    /// <param name="Changed">Ends when there is other news.</param>
    /// <param name="Rest">How long the first of those who wait has to rest yet.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Turn(TailNews News, Task Changed, TimeSpan Rest);
}
