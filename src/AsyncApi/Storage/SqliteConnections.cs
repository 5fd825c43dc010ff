using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace AsyncApi.Storage;

/// <summary>Opens connections; nearly every pragma holds for one connection only, so they are set at every open.</summary>
internal static class SqliteConnections
{
    // Safety over speed: mmap would turn I/O errors into crashes, and a trusted schema would run what a crafted file holds.
    private const string Common =
        "pragma foreign_keys=on; pragma trusted_schema=off; pragma cell_size_check=on; pragma mmap_size=0; "
        + "pragma busy_timeout=5000; pragma temp_store=memory; ";

    // FULL makes a commit outlive a power cut, which an answered 202 promises; group commit pays for it. Pages of 8 KiB (of new
    // databases) and a log of up to 32 MiB write a result's rows and bodies fewer times over: a seventh of the service's time.
    private const string Writer =
        "pragma page_size=8192; pragma journal_mode=wal; pragma synchronous=full; pragma wal_autocheckpoint=4000; pragma cache_size=-32768;";

    private const string Reader = "pragma query_only=on; pragma cache_size=-8192;";

    // The property's type is named in Microsoft.Data.Sqlite by the signed assembly of the package; our own is not signed, so
    // the compiler takes the two for different ones (CS0012). At run time there is one.
    private static readonly PropertyInfo HandleProperty = typeof(SqliteConnection).GetProperty("Handle")!;

    public static SqliteConnection OpenWriter(string file) => Open(file, SqliteOpenMode.ReadWriteCreate, Common + Writer);

    public static SqliteConnection OpenReader(string file) => Open(file, SqliteOpenMode.ReadOnly, Common + Reader);

    public static sqlite3 HandleOf(DbConnection connection) => (sqlite3)HandleProperty.GetValue(connection)!;

    public static AppDbContext CreateContext(DbConnection connection, QueryTrackingBehavior tracking)
    {
        DbContextOptions<AppDbContext> options = new DbContextOptionsBuilder<AppDbContext>()
            .UseSqlite(connection)
            .UseQueryTrackingBehavior(tracking)
            .Options;
        return new AppDbContext(options);
    }

    /// <summary>Runs statements that take no parameters and whose rows nobody wants.</summary>
    public static void Execute(DbConnection connection, string sql)
    {
        sqlite3 handle = HandleOf(connection);
        if (raw.sqlite3_exec(handle, sql) != 0)
        {
            throw new SqliteStatementException(raw.sqlite3_extended_errcode(handle), raw.sqlite3_errmsg(handle).utf8_to_string() ?? sql);
        }
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode, string pragmas)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 5 };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
