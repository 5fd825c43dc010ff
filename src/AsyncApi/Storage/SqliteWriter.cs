using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace AsyncApi.Storage;

/// <summary>
/// The one writer: a thread of its own, since SQLite's calls block, fed by a bounded queue. It takes all that waits into one
/// commit, so the cost of a durable commit is shared by everybody who came while the last one ran.
/// </summary>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    private const int QueueLength = 4096;
    private const int GroupSize = 1000;

    // Both are real time, whatever clock the service is given: a clock that stands still in a test must not hold back a commit.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly Channel<WriteCommand> _queue = Channel.CreateBounded<WriteCommand>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _hurry = new(initialState: false);
    private readonly List<WriteCommand> _group = new(GroupSize);
    private readonly SqliteSession _session;
    private readonly SqliteGroupCommit _commits;
    private readonly SqliteLog _log;
    private readonly ILogger _logger;
    private Task<bool>? _arrival;
    private bool _hasPrompt;

    /// <summary>Takes over the connection and starts.</summary>
    public SqliteWriter(SqliteSession session, string databaseFile, StorageMetrics metrics, ILogger logger)
    {
        _session = session;
        _commits = new SqliteGroupCommit(session, metrics);
        _log = new SqliteLog(session.Connection, databaseFile, logger);
        _logger = logger;
        new Thread(Run) { Name = "sqlite-writer", IsBackground = true }.Start();
    }

    /// <summary>Commands that no commit has taken yet.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>Waits for a place in the queue, not for the commit.</summary>
    /// <exception cref="ObjectDisposedException">The writer is closing.</exception>
    public async ValueTask EnqueueAsync(WriteCommand command)
    {
        try
        {
            await _queue.Writer.WriteAsync(command, command.Token);

            // Writes that linger do not each wake the thread; it comes by itself.
            if (!command.Lingers || _queue.Reader.Count >= GroupSize)
            {
                _hurry.Set();
            }
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(Database), "The database is closed; nothing was written.");
        }
    }

    /// <summary>Commits what was enqueued, empties the log and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _hurry.Set();
        await _ended.Task;
    }

    [SuppressMessage("Design", "CA1031", Justification = "The end of this thread would be the end of every write; it fails the group and goes on.")]
    private void Run()
    {
        while (WaitForWork())
        {
            try
            {
                Gather();
                _commits.Run(CollectionsMarshal.AsSpan(_group));
            }
            catch (Exception e)
            {
                LogGroupFailed(e, _group.Count);
                _group.ForEach(command => command.Fail(e));
            }

            _group.Clear();
        }

        _commits.Dispose();
        _log.Truncate();
        _session.Dispose();
        _ended.SetResult();
    }

    /// <summary>False when the queue is closed and empty.</summary>
    private bool WaitForWork()
    {
        if (!ArrivesBeforeIdle())
        {
            _log.TruncateIfLarge();
        }

        return Block(Arrival());
    }

    [SuppressMessage("Usage", "MA0045", Justification = "This is the writer's own thread: waiting is what it does.")]
    private void Gather()
    {
        _hasPrompt = false;
        _hurry.Reset();
        Take();
        if (!_hasPrompt && _group.Count is > 0 and < GroupSize)
        {
            _hurry.Wait(Linger);
            Take();
        }
    }

    private void Take()
    {
        _arrival = null;
        while (_group.Count < GroupSize && _queue.Reader.TryRead(out WriteCommand? command))
        {
            if (command.Token.IsCancellationRequested)
            {
                command.Skip();
                continue;
            }

            _hasPrompt |= !command.Lingers;
            _group.Add(command);
        }
    }

    // One task for all waits until something came: a wait that timed out is not abandoned but continued.
    private Task<bool> Arrival() => _arrival ??= _queue.Reader.WaitToReadAsync().AsTask();

    private bool ArrivesBeforeIdle() =>
        Arrival().IsCompleted || Block(Task.WhenAny(Arrival(), Task.Delay(IdleTime, TimeProvider.System))) == Arrival();

    [SuppressMessage("Usage", "MA0045", Justification = "This is the writer's own thread: waiting is what it does.")]
    private static T Block<T>(Task<T> task) => task.GetAwaiter().GetResult();

    [LoggerMessage(Level = LogLevel.Error, Message = "A group of {Count} writes failed")]
    private partial void LogGroupFailed(Exception error, int count);
}
