namespace AsyncApi.Fetching.Dispatching;

/// <summary>
/// The memory of bodies that have arrived and that nobody has taken yet. A fetch may hold as much as is left of the whole (dynamic
/// thresholds; Choudhury and Hahne, 1998): whose results nobody reads holds some of it, but never all, and nobody else up.
/// </summary>
/// <param name="limit">Over all fetches.</param>
/// <param name="roomAgain">Called when a fetch that was held back may go on.</param>
internal sealed class BodyBudget(long limit, Action<FetchRun> roomAgain)
{
    private long _bytes;

    /// <summary>Asked by the dispatcher alone.</summary>
    public bool HasRoom(FetchRun run)
    {
        BodyShare share = run.Bodies;
        if (MayHoldMore(share))
        {
            return true;
        }

        // Asked again: what was taken before the flag stood told nobody.
        share.HeldBackAt = Math.Max(1, share.Bytes);
        return MayHoldMore(share);
    }

    public void Arrived(FetchRun run, FetchBody body)
    {
        long bytes = body.Memory.Length;
        if (bytes != 0)
        {
            Interlocked.Add(ref _bytes, bytes);
            run.Bodies.Add(bytes);
        }
    }

    public void Taken(FetchRun run, FetchBody body)
    {
        long bytes = body.Memory.Length;
        if (bytes == 0)
        {
            return;
        }

        Interlocked.Add(ref _bytes, -bytes);
        // Its own reader's doing alone: what others take lets it hold more, but never lets it begin again.
        BodyShare share = run.Bodies;
        if (share.Add(-bytes) <= share.HeldBackAt / 2 && share.HeldBackAt != 0)
        {
            share.HeldBackAt = 0;
            roomAgain(run);
        }
    }

    private bool MayHoldMore(BodyShare share) => share.Bytes is var own && (own == 0 || own < limit - Volatile.Read(ref _bytes));
}

/// <summary>What one fetch holds of it.</summary>
internal sealed class BodyShare
{
    private long _bytes;
    private long _heldBackAt;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>What it held when it was held back; 0 when it is not.</summary>
    public long HeldBackAt
    {
        get => Volatile.Read(ref _heldBackAt);
        set => Volatile.Write(ref _heldBackAt, value);
    }

    public long Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
