using System.Reflection;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AsyncApi.Tests.Storage.Sqlite;

internal static class TestConnection
{
    public static SqliteConnection Open(string path = ":memory:", SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        var builder = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 1 };
        var connection = new SqliteConnection(builder.ConnectionString);
        connection.Open();
        return connection;
    }

    public static int Run(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(this SqliteConnection connection, string sql, params object?[] values)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("$" + i, values[i] ?? DBNull.Value);
        }

        return command.ExecuteScalar();
    }

    public static sqlite3 Handle(this SqliteConnection connection) =>
        (sqlite3)typeof(SqliteConnection).GetProperty("Handle", BindingFlags.Public | BindingFlags.Instance)!.GetValue(connection)!;
}
