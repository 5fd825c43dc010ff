using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AsyncApi.Tests.Storage.Sqlite;

public sealed class PreparedStatementTests : IDisposable
{
    private readonly SqliteConnection _connection = TestConnection.Open();

    public PreparedStatementTests() => _connection.Run("create table t (a, b, c)");

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Values_bound_comeBackTheSame()
    {
        using var insert = new PreparedStatement(_connection.Handle(), "insert into t values (?1, ?2, ?3)");
        insert.BindInt64(1, long.MinValue);
        insert.BindText(2, string.Concat(Enumerable.Repeat("🦊", 1000)));
        insert.BindBlob(3, [0, 255]);
        insert.Execute().ShouldBe(1);
        insert.BindText(1, "ü"u8);
        insert.BindNull(2);
        insert.BindDouble(3, 0.5);
        insert.Execute().ShouldBe(1);

        using var select = new PreparedStatement(_connection.Handle(), "select a, b, c from t order by rowid");
        select.Step().ShouldBeTrue();
        select.ColumnInt64(0).ShouldBe(long.MinValue);
        select.ColumnString(1).ShouldBe(string.Concat(Enumerable.Repeat("🦊", 1000)));
        select.ColumnBlobSpan(2).ToArray().ShouldBe([0, 255]);
        select.Step().ShouldBeTrue();
        Encoding.UTF8.GetString(select.ColumnTextSpan(0)).ShouldBe("ü");
        select.ColumnIsNull(1).ShouldBeTrue();
        select.ColumnString(1).ShouldBeNull();
        select.ColumnDouble(2).ShouldBe(0.5);
        select.Step().ShouldBeFalse();
    }

    [Fact]
    public void EmptySpans_bound_areValuesNotNull()
    {
        using var insert = new PreparedStatement(_connection.Handle(), "insert into t values (?1, ?2, ?3)");
        insert.BindText(1, ReadOnlySpan<byte>.Empty);
        insert.BindText(2, ReadOnlySpan<char>.Empty);
        insert.BindBlob(3, []);
        insert.Execute();

        _connection.Scalar("select typeof(a) || typeof(b) || typeof(c) from t").ShouldBe("texttextblob");
    }

    [Fact]
    public void Execute_again_hasForgottenTheLastValues()
    {
        using var insert = new PreparedStatement(_connection.Handle(), "insert into t values (?1, 0, 0)");
        insert.BindInt64(1, 5);
        insert.Execute();
        insert.Execute();

        _connection.Scalar("select group_concat(typeof(a)) from t").ShouldBe("integer,null");
    }

    [Fact]
    public void Execute_againstAConstraint_throwsAndCanBeUsedAgain()
    {
        _connection.Run("create unique index u on t (a)");
        using var insert = new PreparedStatement(_connection.Handle(), "insert into t values (?1, 0, 0)");
        insert.BindInt64(1, 5);
        insert.Execute();
        insert.BindInt64(1, 5);

        SqliteStatementException error = Should.Throw<SqliteStatementException>(() => insert.Execute());

        error.SqliteErrorCode.ShouldBe(19);
        error.SqliteExtendedErrorCode.ShouldBe(2067);
        error.Message.ShouldContain("UNIQUE constraint failed: t.a");
        insert.BindInt64(1, 6);
        insert.Execute().ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-- nothing")]
    [InlineData("select 1; select 2")]
    public void Text_thatIsNotOneStatement_isRefused(string sql) =>
        Should.Throw<ArgumentException>(() => new PreparedStatement(_connection.Handle(), sql));

    [Fact]
    public void Text_withASyntaxError_saysWhere() =>
        Should.Throw<SqliteStatementException>(() => new PreparedStatement(_connection.Handle(), "insrt")).Message.ShouldContain("insrt");

    [Fact]
    public void Parameter_outOfRange_isAnError()
    {
        using var select = new PreparedStatement(_connection.Handle(), "select 1");

        Should.Throw<SqliteStatementException>(() => select.BindInt64(1, 1)).SqliteErrorCode.ShouldBe(25);
    }

    [Fact]
    public void Statement_disposed_cannotBeUsed()
    {
        var select = new PreparedStatement(_connection.Handle(), "select 1");
        select.Dispose();
        select.Dispose();

        Should.Throw<ObjectDisposedException>(() => select.Step());
    }

    [Fact]
    public void Rows_inAWarmLoop_allocateNothing()
    {
        using var insert = new PreparedStatement(_connection.Handle(), "insert into t values (?1, ?2, ?3)");
        byte[] blob = new byte[1024];
        Insert(insert, blob, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Insert(insert, blob, 1000);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void Insert(PreparedStatement insert, byte[] blob, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            insert.BindInt64(1, i);
            insert.BindText(2, "some text");
            insert.BindBlob(3, blob);
            insert.Execute();
        }
    }
}
