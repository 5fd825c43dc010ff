using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>
/// Keeps a connection of its own and asks the server again and again whether it is there: so that a hung server is noticed long
/// before a command's time is up, and one that is back as soon as it is.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and may be cancelled twice.")]
internal sealed partial class PostgreSqlWatch : IAsyncDisposable
{
    // With the patience under the 2 s in which a caller wants to hear that the database is away. Real time, whatever clock the service is given.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // About every 4 s it looks for processes that fell silent.
    private const int TurnsBetweenLooks = 16;

    private readonly PostgreSqlConnections _connections;
    private readonly PostgreSqlPresence _presence;
    private readonly PostgreSqlNews _news;
    private readonly TimeSpan _patience;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public PostgreSqlWatch(PostgreSqlConnections connections, PostgreSqlPresence presence, PostgreSqlNews news, TimeSpan patience, ILogger logger)
    {
        _connections = connections;
        _presence = presence;
        _news = news;
        _patience = patience;
        _logger = logger;
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the watch goes on, or nobody would ever hear that the server is back.")]
    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ConnectAndWatchAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogCut(e.Message);
            }

            await Task.Delay(Interval, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectAndWatchAsync()
    {
        NpgsqlConnection? connection = await ConnectAsync();
        if (connection is null)
        {
            return;
        }

        Task asking = Task.CompletedTask;
        try
        {
            connection.Notification += (_, news) => _news.Hear(news.Payload);
            await using NpgsqlCommand listen = new(PostgreSqlNews.Listen, connection);
            await (asking = listen.ExecuteNonQueryAsync(CancellationToken.None)).WaitAsync(_patience, TimeProvider.System, _stop.Token);
            if (_presence.Find())
            {
                LogBack();
            }

            // What was said while nobody listened is looked up in the tables.
            _news.HearAll();
            await using NpgsqlCommand ask = new("select 0::bigint", connection);
            await using NpgsqlCommand end = PostgreSqlSilence.EndOthers(connection);
            for (int turn = 1; ; turn++)
            {
                await WaitForNewsAsync(connection);
                Task<object?> answer = (turn % TurnsBetweenLooks == 0 ? end : ask).ExecuteScalarAsync(CancellationToken.None);
                await AskAsync(asking = answer);
                if (await answer is long and > 0 and var ended)
                {
                    LogEnded(ended);
                }
            }
        }
        finally
        {
            _ = CloseAsync(connection, asking);
        }
    }

    private async Task<NpgsqlConnection?> ConnectAsync()
    {
        try
        {
            return await _connections.OpenWriterAsync(_stop.Token);
        }
        catch (Exception e) when (e is TimeoutException || StorageErrors.FindDatabaseError(e) is not null)
        {
            Lose(e.Message);
            return null;
        }
    }

    private async Task WaitForNewsAsync(NpgsqlConnection connection)
    {
        long until = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(until) is var passed && passed < Interval)
        {
            if (!await connection.WaitAsync(Interval - passed, _stop.Token))
            {
                return;
            }
        }
    }

    /// <summary>A server that answers others is there, however busy.</summary>
    private async Task AskAsync(Task asking)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            TimeSpan left = _patience - TimeProvider.System.GetElapsedTime(Math.Max(began, _presence.LastAnswer));
            try
            {
                await asking.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System, _stop.Token);
                return;
            }
            catch (TimeoutException) when (!asking.IsCompleted)
            {
                if (left <= TimeSpan.Zero)
                {
                    Lose("It does not answer.");
                    throw;
                }
            }
        }
    }

    private void Lose(string why)
    {
        if (_presence.Lose())
        {
            LogAway(why);
        }
    }

    private static async Task CloseAsync(NpgsqlConnection connection, Task asking)
    {
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "PostgreSQL is away: {Why}")]
    private partial void LogAway(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} transactions of a process that says nothing any more were ended")]
    private partial void LogEnded(long count);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL is back")]
    private partial void LogBack();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch over PostgreSQL was cut and begins anew: {Why}")]
    private partial void LogCut(string why);
}
