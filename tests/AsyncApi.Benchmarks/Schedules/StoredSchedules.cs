using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AsyncApi.Benchmarks.Schedules;

/// <summary>Looks at schedules and their jobs in the database file, which costs the service nothing that an answer would.</summary>
internal sealed class StoredSchedules : IAsyncDisposable
{
    public const string Label = "same-minute";

    private readonly SqliteConnection _connection;

    public StoredSchedules(string dataFolder) => _connection = new SqliteConnection(
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataFolder, "asyncapi.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);

    public Task OpenAsync(CancellationToken token) => _connection.OpenAsync(token);

    /// <summary>Whether a schedule has not gone on from this due time yet.</summary>
    public async Task<bool> AnyIsDueAsync(DateTimeOffset due, CancellationToken token)
    {
        await using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "select exists (select 1 from schedules where next_run_at <= $due)";
        command.Parameters.AddWithValue("$due", due.ToUnixTimeMilliseconds());
        return Convert.ToInt64(await command.ExecuteScalarAsync(token), CultureInfo.InvariantCulture) != 0;
    }

    /// <summary>Whether a fetch of a schedule is not over yet.</summary>
    public async Task<bool> AnyRunsAsync(CancellationToken token)
    {
        await using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "select exists (select 1 from jobs where status in ('queued', 'running') and label = $label)";
        command.Parameters.AddWithValue("$label", Label);
        return Convert.ToInt64(await command.ExecuteScalarAsync(token), CultureInfo.InvariantCulture) != 0;
    }

    /// <summary>When the schedules' fetches were made, and when they were begun.</summary>
    public async Task<IReadOnlyList<(DateTimeOffset Created, DateTimeOffset Started)>> ListRunsAsync(CancellationToken token)
    {
        await using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "select created_at, started_at from jobs where label = $label and status = 'completed'";
        command.Parameters.AddWithValue("$label", Label);
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(token);
        List<(DateTimeOffset, DateTimeOffset)> runs = [];
        while (await reader.ReadAsync(token))
        {
            runs.Add((DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(0)), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1))));
        }

        return runs;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
