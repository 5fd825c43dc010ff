using Microsoft.Data.Sqlite;

namespace AsyncApi.Tests.Storage.Sqlite;

public sealed class SqliteConnectionTests
{
    [Fact]
    public void Error_ofAConstraint_carriesCodesAndMessage()
    {
        using SqliteConnection connection = TestConnection.Open();
        connection.Run("create table t (v unique); insert into t values (1)");

        SqliteException error = Should.Throw<SqliteException>(() => connection.Run("insert into t values (1)"));

        error.SqliteErrorCode.ShouldBe(19);
        error.SqliteExtendedErrorCode.ShouldBe(2067);
        error.Message.ShouldContain("UNIQUE constraint failed: t.v");
    }

    [Fact]
    public void Error_ofSyntax_quotesThePlace()
    {
        using SqliteConnection connection = TestConnection.Open();

        Should.Throw<SqliteException>(() => connection.Run("selct 1")).Message.ShouldContain("near \"selct\": syntax error");
    }

    [Fact]
    public void Open_ofAMissingFileReadOnly_saysCannotOpen()
    {
        SqliteException error = Should.Throw<SqliteException>(
            () => TestConnection.Open("/nowhere/at/all.db", SqliteOpenMode.ReadOnly));

        error.SqliteErrorCode.ShouldBe(14);
    }

    [Fact]
    public void Backup_ofAnOpenDatabase_holdsItsRows()
    {
        using var folder = new TemporaryFolder();
        using SqliteConnection source = TestConnection.Open();
        source.Run("create table t (v); insert into t values ('kept')");
        using (SqliteConnection target = TestConnection.Open(folder.File("copy.db")))
        {
            source.BackupDatabase(target);
        }

        using SqliteConnection copy = TestConnection.Open(folder.File("copy.db"), SqliteOpenMode.ReadOnly);
        copy.Scalar("select v from t").ShouldBe("kept");
        copy.DataSource.ShouldBe(folder.File("copy.db"));
    }

    [Fact]
    public void Close_afterManyCommands_leavesNoStatementBehind()
    {
        using var folder = new TemporaryFolder();
        using (SqliteConnection connection = TestConnection.Open(folder.File("a.db")))
        {
            connection.Run("pragma journal_mode=wal; create table t (v); insert into t values (1), (2)");
            using SqliteCommand halfRead = connection.CreateCommand();
            halfRead.CommandText = "select v from t";
            halfRead.ExecuteReader().Read().ShouldBeTrue();
            Should.Throw<SqliteException>(() => connection.Run("select nothing"));
            File.Exists(folder.File("a.db-wal")).ShouldBeTrue();
        }

        // SQLite removes the log when the last connection is truly gone, which one forgotten statement would prevent.
        File.Exists(folder.File("a.db-wal")).ShouldBeFalse();
    }

    [Fact]
    public async Task Connections_fiftyAtOnce_eachDoTheirWork()
    {
        using var folder = new TemporaryFolder();
        using SqliteConnection first = TestConnection.Open(folder.File("a.db"));
        first.Run("pragma journal_mode=wal; create table t (v)");

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 50), new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = TestContext.Current.CancellationToken },
            (i, _) =>
            {
                using SqliteConnection connection = TestConnection.Open(folder.File("a.db"));
                connection.DefaultTimeout = 30;
                connection.CreateFunction("twice", (long v) => v * 2);
                connection.Run("pragma busy_timeout=30000");
                connection.Scalar("insert into t values (twice($0))", (long)i);
                return ValueTask.CompletedTask;
            });

        first.Scalar("select sum(v) from t").ShouldBe(2L * 49 * 50 / 2);
    }

    [Fact]
    public void LoadExtension_ofNothing_isAnErrorNotACrash()
    {
        using SqliteConnection connection = TestConnection.Open();

        Should.Throw<SqliteException>(() => connection.LoadExtension("/nowhere/extension")).Message.ShouldContain("/nowhere/extension");
    }

    [Fact]
    public void Library_notFound_saysWhatToInstall()
    {
        DllNotFoundException error = Should.Throw<DllNotFoundException>(
            () => SQLitePCL.SqliteLibrary.Load(["no-such-library"], typeof(SQLitePCL.raw).Assembly, null));

        error.Message.ShouldContain("no-such-library");
        error.Message.ShouldContain("libsqlite3-0 on Debian");
    }
}
