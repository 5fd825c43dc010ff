using System.Threading.Channels;

namespace AsyncApi.Storage;

/// <summary>
/// Word between the processes on one database that something was committed. It only shortens a wait: word may be lost, so whoever
/// listens also looks by itself from time to time. Where the database is for one process alone, nothing is ever said.
/// </summary>
internal sealed class StorageNews(bool hasOthers)
{
    private const int Waiting = 1_000;

    private readonly Channel<string> _said =
        Channel.CreateBounded<string>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.Wait });

    private Action<string?>? _listeners;
    private volatile bool _overflowed;

    /// <summary>Whether other processes may use the database.</summary>
    public bool HasOthers { get; } = hasOthers;

    /// <summary>Listens for ever; null means that anything may have happened. A listener neither throws nor waits.</summary>
    public void Listen(Action<string?> listener) => _listeners += listener;

    /// <summary>Call after the commit. Others hear of it soon; what is said in great numbers becomes one "anything".</summary>
    /// <param name="topic">A word without spaces.</param>
    public void Say(string topic)
    {
        if (HasOthers && !_said.Writer.TryWrite(topic))
        {
            _overflowed = true;
        }
    }

    /// <summary>Something was said by another process.</summary>
    public void Hear(string? topic) => _listeners?.Invoke(topic);

    /// <summary>Waits until something was said here.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken token) => _said.Reader.WaitToReadAsync(token);

    /// <summary>Takes what was said, each word once; null for "anything".</summary>
    public IReadOnlyCollection<string>? Take(int most)
    {
        HashSet<string> topics = new(StringComparer.Ordinal);
        while (_said.Reader.TryRead(out string? topic))
        {
            topics.Add(topic);
        }

        bool overflowed = _overflowed || topics.Count > most;
        _overflowed = false;
        return overflowed ? null : topics;
    }
}
