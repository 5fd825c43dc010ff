using System.Collections.Concurrent;

namespace AsyncApi.Http.Idempotency;

/// <summary>
/// The keys whose first request this process works on. Only spares a twin its work: that there is one first is held by the
/// table, for several processes as well.
/// </summary>
internal sealed class KeysInHand
{
    private readonly ConcurrentDictionary<string, byte> _scopes = new(StringComparer.Ordinal);

    public bool TryEnter(string scope) => _scopes.TryAdd(scope, 0);

    public void Leave(string scope) => _scopes.TryRemove(scope, out _);
}
