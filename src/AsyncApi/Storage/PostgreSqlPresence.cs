using System.Diagnostics.CodeAnalysis;

namespace AsyncApi.Storage;

/// <summary>Whether the server answers. Calls that are in hand when it is found to be away end then, new ones are refused.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing; callers may look at its token at any time.")]
internal sealed class PostgreSqlPresence
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _away = new();
    private long _heard;

    /// <summary>Cancelled while the server is away.</summary>
    public CancellationToken Away => Volatile.Read(ref _away).Token;

    public bool IsAway => Away.IsCancellationRequested;

    /// <summary>When the server answered last, as a timestamp of the system's.</summary>
    public long LastAnswer => Volatile.Read(ref _heard);

    public void Heard() => Volatile.Write(ref _heard, TimeProvider.System.GetTimestamp());

    /// <summary>False when that was known.</summary>
    public bool Lose()
    {
        CancellationTokenSource away;
        lock (_lock)
        {
            away = _away;
            if (away.IsCancellationRequested)
            {
                return false;
            }
        }

        // The calls end on the pool: the watch has to go on looking.
        _ = away.CancelAsync();
        return true;
    }

    /// <summary>False when that was known.</summary>
    public bool Find()
    {
        lock (_lock)
        {
            if (!_away.IsCancellationRequested)
            {
                return false;
            }

            // Not disposed: a call that has just ended may still look at its token.
            _away = new CancellationTokenSource();
            return true;
        }
    }
}
