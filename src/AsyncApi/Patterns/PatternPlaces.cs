namespace AsyncApi.Patterns;

/// <summary>How many runs there may be at once: each can keep all cores busy.</summary>
internal sealed class PatternPlaces : IDisposable
{
    public const int Max = 4;

    private readonly SemaphoreSlim _free = new(Max);

    /// <summary>A place until it is disposed; null when all are taken.</summary>
    public async Task<IDisposable?> TryTakeAsync() => await _free.WaitAsync(TimeSpan.Zero) ? new Place(_free) : null;

    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
