using System.Globalization;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>
/// How long a process may say nothing in the middle of a transaction: one that is frozen must not keep what it has locked until
/// others take its work over. Between two statements the server itself ends such a transaction. In the middle of a COPY none of
/// its limits holds, so the processes end that one another.
/// </summary>
internal static class PostgreSqlSilence
{
    private const int LimitSeconds = 10;

    // Those that have written, of this service: they go by one name.
    private static readonly string End = string.Create(CultureInfo.InvariantCulture, $"""
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and usename = current_user and application_name = current_setting('application_name')
        and backend_xid is not null and wait_event_type = 'Client' and state_change < clock_timestamp() - interval '{LimitSeconds} s'
        """);

    /// <summary>For the server, in the form of its command line.</summary>
    public static string Setting { get; } = string.Create(CultureInfo.InvariantCulture, $"-c idle_in_transaction_session_timeout={LimitSeconds}s");

    /// <summary>Ends the transactions of others that are silent; gives their number.</summary>
    public static NpgsqlCommand EndOthers(NpgsqlConnection connection) => new(End, connection);
}
