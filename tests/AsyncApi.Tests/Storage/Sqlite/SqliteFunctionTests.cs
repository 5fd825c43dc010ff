using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AsyncApi.Tests.Storage.Sqlite;

public sealed class SqliteFunctionTests
{
    [Fact]
    public void ScalarFunction_withEveryArgumentType_seesAndReturnsThem()
    {
        using SqliteConnection connection = TestConnection.Open();
        connection.CreateFunction("same", (object? v) => v, isDeterministic: true);

        connection.Scalar("select same('ä') || same(7) || same(1.5)").ShouldBe("ä71.5");
        connection.Scalar("select same(x'00ff')").ShouldBe(new byte[] { 0, 255 });
        connection.Scalar("select typeof(same(null)) || typeof(same(x'')) || typeof(same(''))").ShouldBe("nullblobtext");
    }

    [Fact]
    public void ScalarFunction_thatThrows_failsItsStatementOnly()
    {
        using SqliteConnection connection = TestConnection.Open();
        connection.CreateFunction<long, long>("fail", _ => throw new SqliteException("no such luck", 19));

        Should.Throw<SqliteException>(() => connection.Scalar("select fail(1)")).SqliteErrorCode.ShouldBe(19);
        connection.Scalar("select 1").ShouldBe(1L);
    }

    [Fact]
    public void Aggregate_overGroups_keepsOneStateEach()
    {
        using SqliteConnection connection = TestConnection.Open();
        connection.CreateAggregate("joined", "<", (string all, string next) => all + next, all => all + ">");
        connection.Run("create table t (g, v); insert into t values (1,'a'),(2,'b'),(1,'c')");

        connection.Scalar("select group_concat(j, ' ') from (select joined(v) as j from t group by g order by g)").ShouldBe("<ac> <b>");
        connection.Scalar("select joined(v) from t where g = 9").ShouldBe("<>");
    }

    [Fact]
    public void Collation_afterGarbageCollection_stillOrders()
    {
        using SqliteConnection connection = TestConnection.Open();
        AddReversed(connection);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        connection.Run("create table t (v text collate reversed); insert into t values ('a'), ('ü'), ('b')");

        connection.Scalar("select group_concat(v, '') from (select v from t order by v)").ShouldBe("üba");
    }

    [Fact]
    public void Callbacks_ofAClosedConnection_areLetGo()
    {
        WeakReference[] states = RunAndClose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        states.ShouldAllBe(state => !state.IsAlive);
    }

    [Fact]
    public void Rollback_bySqliteItself_isNoticedByTheTransaction()
    {
        using SqliteConnection connection = TestConnection.Open();
        connection.Run("create table t (v unique); insert into t values (1)");
        using SqliteTransaction transaction = connection.BeginTransaction();

        Should.Throw<SqliteException>(() => connection.Run("insert or rollback into t values (1)"));

        Should.Throw<InvalidOperationException>(transaction.Commit);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddReversed(SqliteConnection connection) =>
        connection.CreateCollation("reversed", (left, right) => string.CompareOrdinal(right, left));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] RunAndClose()
    {
        object[] states = [new(), new(), new()];
        using SqliteConnection connection = TestConnection.Open();
        connection.CreateFunction("held", states[0], (object s) => s.GetHashCode());
        connection.CreateCollation("ordered", states[1], (object s, string left, string right) => string.CompareOrdinal(left, right));
        raw.sqlite3_rollback_hook(connection.Handle(), _ => { }, states[2]);
        connection.Scalar("select held() is not null and 'a' < 'b' collate ordered").ShouldBe(1L);
        return [.. states.Select(state => new WeakReference(state))];
    }
}
