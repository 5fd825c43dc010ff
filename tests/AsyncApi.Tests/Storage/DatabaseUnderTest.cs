using AsyncApi.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AsyncApi.Tests.Storage;

/// <summary>A fresh database for one test. The suite is written against this, so that a second database runs the same tests.</summary>
internal abstract class DatabaseUnderTest : IAsyncDisposable
{
    /// <summary>Every database the suite runs on, by name.</summary>
    public static TheoryData<string> All => new() { "SQLite", "PostgreSQL" };

    public abstract Database Database { get; }

    /// <summary>The column type of bytes in this database's SQL.</summary>
    public abstract string BlobType { get; }

    public static async Task<DatabaseUnderTest> StartAsync(string name) => name switch
    {
        "SQLite" => await SqliteUnderTest.StartAsync(),
        "PostgreSQL" => await PostgreSqlUnderTest.ConnectAsync(await SharedPostgreSql.CreateDatabaseAsync()),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such database."),
    };

    /// <summary>As <see cref="StartAsync"/>, but SQLite's file is in memory where the system has a folder for that: no write waits for a disk.</summary>
    public static async Task<DatabaseUnderTest> StartQuicklyAsync(string name) =>
        name == "SQLite" ? await SqliteUnderTest.StartAsync(folder: TemporaryFolder.InMemory()) : await StartAsync(name);

    public abstract ValueTask DisposeAsync();
}

internal sealed class PostgreSqlUnderTest : DatabaseUnderTest
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;

    private PostgreSqlUnderTest(string connectionString)
    {
        IOptions<StorageOptions> options = Options.Create(new StorageOptions
        {
            Provider = StorageProvider.PostgreSql,
            ConnectionString = connectionString,
            Path = _temporary.Path,
            Readers = 2,
            Writers = 4,
            ServerPatienceSeconds = 20,
        });
        _folder = new DataFolder(options);
        Database = new Database(_folder, options, News, OwnMeters.Storage(), NullLogger<Database>.Instance);
    }

    public override Database Database { get; }

    public StorageNews News { get; } = new(hasOthers: true);

    public override string BlobType => "bytea";

    public static async Task<PostgreSqlUnderTest> ConnectAsync(string connectionString)
    {
        var created = new PostgreSqlUnderTest(connectionString);
        await created.Database.StartAsync(TestContext.Current.CancellationToken);
        return created;
    }

    public override async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Dispose();
        _temporary.Dispose();
    }
}

internal sealed class SqliteUnderTest : DatabaseUnderTest
{
    private readonly TemporaryFolder _temporary;
    private readonly DataFolder _folder;

    private SqliteUnderTest(int readers, TemporaryFolder folder)
    {
        _temporary = folder;
        IOptions<StorageOptions> options = Options.Create(new StorageOptions { Path = _temporary.File("data"), Readers = readers });
        _folder = new DataFolder(options);
        Database = new Database(_folder, options, new StorageNews(hasOthers: false), OwnMeters.Storage(), NullLogger<Database>.Instance);
    }

    public override Database Database { get; }

    public override string BlobType => "blob";

    public string File => _folder.DatabaseFile;

    public static async Task<SqliteUnderTest> StartAsync(int readers = 2, TemporaryFolder? folder = null)
    {
        var created = new SqliteUnderTest(readers, folder ?? new TemporaryFolder());
        await created.Database.StartAsync(TestContext.Current.CancellationToken);
        return created;
    }

    public override async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Dispose();
        _temporary.Dispose();
    }
}
