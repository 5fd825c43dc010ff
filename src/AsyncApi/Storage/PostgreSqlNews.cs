using System.Diagnostics.CodeAnalysis;

namespace AsyncApi.Storage;

/// <summary>
/// The news by LISTEN and NOTIFY. A NOTIFY holds a lock of the whole database while it commits, so it is never part of a
/// transaction that does anything else, and comes at most ten times a second from one process.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and may be cancelled twice.")]
internal sealed partial class PostgreSqlNews : IAsyncDisposable
{
    public const string Listen = "listen asyncapi";
    private const string Notify = "select pg_notify('asyncapi', ?1)";
    private const char Separator = ' ';
    private const string Anything = "*";

    // A payload holds 8,000 bytes.
    private const int MostTopics = 150;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Every process hears itself, too.
    private readonly string _sender = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");
    private readonly StorageNews _news;
    private readonly Func<string, CancellationToken, Task> _send;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public PostgreSqlNews(StorageNews news, PostgreSqlBackend backend, ILogger logger)
    {
        _news = news;
        _logger = logger;
        _send = (payload, token) => backend.WriteAsync(
            async (session, stop) =>
            {
                Statement notify = session.Prepare(Notify);
                notify.BindText(1, payload);
                return await notify.ExecuteAsync(stop);
            },
            WriteManner.Locking,
            token);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>A payload came.</summary>
    public void Hear(string payload)
    {
        string[] words = payload.Split(Separator, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0] == _sender)
        {
            return;
        }

        foreach (string topic in words.AsSpan(1))
        {
            _news.Hear(topic == Anything ? null : topic);
        }
    }

    /// <summary>Nobody listened for a while.</summary>
    public void HearAll() => _news.Hear(null);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    [SuppressMessage("Design", "CA1031", Justification = "News may be lost; the next ones are sent all the same.")]
    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _news.WaitAsync(_stop.Token);
                string topics = _news.Take(MostTopics) is { } some ? string.Join(Separator, some) : Anything;
                await _send($"{_sender}{Separator}{topics}", _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogLost(e.Message);
            }

            await Task.Delay(Pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Word to other processes was lost: {Why}")]
    private partial void LogLost(string why);
}
