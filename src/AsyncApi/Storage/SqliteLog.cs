using System.Data.Common;

namespace AsyncApi.Storage;

/// <summary>
/// The write-ahead log's size. SQLite copies it into the database every 1,000 pages but never shortens the file. Only the
/// writing connection does checkpoints: up to 3.51.2 one from another connection could, at the wrong moment, corrupt the file.
/// </summary>
internal sealed partial class SqliteLog(DbConnection connection, string databaseFile, ILogger logger)
{
    private const long LargeBytes = 8 * 1024 * 1024;
    private readonly FileInfo _file = new(databaseFile + "-wal");

    /// <summary>At idle. Gives up at once where a reader is in the way, as a write may come any moment.</summary>
    public void TruncateIfLarge()
    {
        _file.Refresh();
        if (_file.Exists && _file.Length > LargeBytes)
        {
            Checkpoint("pragma busy_timeout=0; pragma wal_checkpoint(truncate); pragma busy_timeout=5000;");
        }
    }

    /// <summary>At the end, so that what remains is one file.</summary>
    public void Truncate() => Checkpoint("pragma wal_checkpoint(truncate);");

    private void Checkpoint(string sql)
    {
        try
        {
            SqliteConnections.Execute(connection, sql);
        }
        catch (DbException e)
        {
            // Nothing is lost: the log is read at the next start.
            LogFailed(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The write-ahead log could not be emptied")]
    private partial void LogFailed(Exception error);
}
