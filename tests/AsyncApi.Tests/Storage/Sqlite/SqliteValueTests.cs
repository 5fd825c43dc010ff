using Microsoft.Data.Sqlite;

namespace AsyncApi.Tests.Storage.Sqlite;

public sealed class SqliteValueTests
{
    public static TheoryData<object> Values => new()
    {
        long.MinValue, long.MaxValue, 0L, double.MaxValue, -0.5, double.Epsilon, "", "plain", "naïve 🦊 \u0000 after a zero",
        new string('ü', 100_000), Array.Empty<byte>(), new byte[] { 0, 255, 7 }, new byte[200_000],
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_storedAndRead_isTheSame(object value)
    {
        using SqliteConnection connection = TestConnection.Open();
        connection.Run("create table t (v)");
        connection.Scalar("insert into t values ($0)", value);

        connection.Scalar("select v from t").ShouldBe(value);
        connection.Scalar("select v is $0 from t", value).ShouldBe(1L);
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("''", "text")]
    [InlineData("x''", "blob")]
    [InlineData("1", "integer")]
    [InlineData("1.0", "real")]
    public void Column_ofEachType_isReadAsThatType(string literal, string type)
    {
        using SqliteConnection connection = TestConnection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"select {literal} as v, typeof({literal})";
        using SqliteDataReader reader = command.ExecuteReader();

        reader.Read().ShouldBeTrue();
        reader.GetName(0).ShouldBe("v");
        reader.IsDBNull(0).ShouldBe(type == "null");
        reader.GetString(1).ShouldBe(type);
    }

    [Fact]
    public void Null_boundAndRead_staysNull()
    {
        using SqliteConnection connection = TestConnection.Open();

        connection.Scalar("select $0 is null", [null]).ShouldBe(1L);
        connection.Scalar("select $0", [null]).ShouldBe(DBNull.Value);
    }

    [Fact]
    public void EmptyBlobAndText_bound_areNotNull()
    {
        using SqliteConnection connection = TestConnection.Open();

        connection.Scalar("select typeof($0) || typeof($1)", Array.Empty<byte>(), "").ShouldBe("blobtext");
    }

    [Fact]
    public void Schema_ofAResult_namesTableColumnAndConstraints()
    {
        using SqliteConnection connection = TestConnection.Open();
        connection.Run("create table place (id integer primary key autoincrement, name text not null)");
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "select name from place";
        using SqliteDataReader reader = command.ExecuteReader();

        System.Data.DataRow row = reader.GetSchemaTable().Rows[0];

        row["BaseTableName"].ShouldBe("place");
        row["BaseColumnName"].ShouldBe("name");
        row["DataTypeName"].ShouldBe("TEXT");
        row["AllowDBNull"].ShouldBe(false);
    }

    [Fact]
    public void Batch_withCommentsAndSeveralStatements_runsAll()
    {
        using SqliteConnection connection = TestConnection.Open();

        connection.Run("create table t (v); -- ü\n insert into t values (1), (2); /* end */ ;").ShouldBe(2);
        connection.Scalar("select count(*) from t").ShouldBe(2L);
    }

    [Fact]
    public void Blob_asStream_isReadAndWrittenInPlace()
    {
        using SqliteConnection connection = TestConnection.Open();
        connection.Run("create table t (id integer primary key, v blob); insert into t values (1, zeroblob(100000))");
        using (var stream = new SqliteBlob(connection, "t", "v", 1))
        {
            stream.Position = 99_997;
            stream.Write([1, 2, 3]);
        }

        using var read = new SqliteBlob(connection, "t", "v", 1, readOnly: true);
        byte[] all = new byte[read.Length];
        read.ReadExactly(all);

        all[^4..].ShouldBe([0, 1, 2, 3]);
        connection.Scalar("select substr(v, -3) from t").ShouldBe(new byte[] { 1, 2, 3 });
    }
}
