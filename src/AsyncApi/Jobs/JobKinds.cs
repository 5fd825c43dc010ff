using AsyncApi.Storage;

namespace AsyncApi.Jobs;

/// <summary>The kinds of jobs that there are, each with its handler.</summary>
internal sealed class JobKinds(IEnumerable<IJobHandler> handlers)
{
    private readonly Dictionary<string, IJobHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _handlers.Keys;

    public IJobHandler this[string kind] => _handlers[kind];

    /// <inheritdoc cref="IJobHandler.HideAsync"/>
    public ValueTask<Func<CancellationToken, Task>?> HideAsync(Job job, WriteSession session, CancellationToken token) =>
        _handlers.TryGetValue(job.Kind, out IJobHandler? handler) ? handler.HideAsync(job.Id, session, token) : default;

    public bool CanPause(string kind) => _handlers.TryGetValue(kind, out IJobHandler? handler) && handler.CanPause;
}
