namespace AsyncApi.Fetching.Dispatching;

/// <summary>The memory of bodies that have arrived and that nobody has taken yet.</summary>
/// <param name="limit">With more than this nothing starts.</param>
/// <param name="roomAgain">Called when, after that, half of it has been taken.</param>
internal sealed class BodyBudget(long limit, Action roomAgain)
{
    private long _bytes;
    private volatile bool _full;

    public bool HasRoom
    {
        get
        {
            if (Volatile.Read(ref _bytes) < limit)
            {
                return true;
            }

            // Asked again: what was taken before the flag stood told nobody.
            _full = true;
            return Volatile.Read(ref _bytes) < limit;
        }
    }

    public void Arrived(FetchBody body) => Interlocked.Add(ref _bytes, body.Memory.Length);

    public void Taken(FetchBody body)
    {
        if (Interlocked.Add(ref _bytes, -body.Memory.Length) <= limit / 2 && _full)
        {
            _full = false;
            roomAgain();
        }
    }
}
