using Microsoft.Extensions.Options;

namespace AsyncApi.Callbacks;

/// <summary>When a delivery is tried again: ten tries over three days and a bit, with a tenth of jitter either way.</summary>
internal sealed class DeliverySchedule(IOptions<CallbackOptions> options, Random random)
{
    public const int MaxTries = 10;

    // What a receiver may ask for by Retry-After at most.
    private static readonly TimeSpan LongestAsked = TimeSpan.FromDays(1);

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    private readonly Lock _lock = new();
    private readonly double _scale = options.Value.Scale;

    /// <summary>How long a try may take, with its waiting for a slot. Until then nobody else tries.</summary>
    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(2 * options.Value.TimeoutSeconds);

    /// <summary>The wait after this many tries, the last of which failed; the last one's once they are used up.</summary>
    public TimeSpan WaitAfter(int tries)
    {
        TimeSpan wait = Waits[Math.Clamp(tries, 1, Waits.Length) - 1];
        lock (_lock)
        {
            return wait * (_scale * (0.9 + (0.2 * random.NextDouble())));
        }
    }

    /// <summary>The same, and not before the receiver wants it.</summary>
    public TimeSpan WaitAfter(int tries, TimeSpan? asked)
    {
        TimeSpan wait = WaitAfter(tries);
        TimeSpan atLeast = asked is { } known && known < LongestAsked ? known : asked is null ? TimeSpan.Zero : LongestAsked;
        return wait > atLeast ? wait : atLeast;
    }
}
