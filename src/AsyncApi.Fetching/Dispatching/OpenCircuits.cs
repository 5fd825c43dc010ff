namespace AsyncApi.Fetching.Dispatching;

/// <summary>How many circuits are open. Changed by the dispatcher alone, read by anybody.</summary>
internal sealed class OpenCircuits
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Changed(CircuitState before, CircuitState after)
    {
        int change = (after is CircuitState.Open ? 1 : 0) - (before is CircuitState.Open ? 1 : 0);
        Volatile.Write(ref _count, _count + change);
    }
}
