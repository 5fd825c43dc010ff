using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace AsyncApi.Storage;

/// <summary>A statement that goes over the network; the server keeps its plan once it has come twice.</summary>
internal sealed partial class PostgreSqlStatement : Statement, IDisposable
{
    private readonly PostgreSqlSession _session;
    private readonly NpgsqlCommand _command;
    private NpgsqlDataReader? _reader;
    private bool _interrupted;

    public PostgreSqlStatement(PostgreSqlSession session, NpgsqlConnection connection, string sql)
    {
        _session = session;
        _command = new NpgsqlCommand(Place().Replace(sql, "$$${number}"), connection);
        IEnumerable<int> numbers = Place().Matches(sql).Select(place => int.Parse(place.Groups["number"].ValueSpan, CultureInfo.InvariantCulture));
        for (int i = numbers.DefaultIfEmpty(0).Max(); i > 0; i--)
        {
            _command.Parameters.Add(new NpgsqlParameter());
        }
    }

    public override void BindInt64(int index, long value) => Bind(index, NpgsqlDbType.Bigint, value);

    public override void BindInt64(int index, long? value) => Bind(index, NpgsqlDbType.Bigint, value);

    public override void BindDouble(int index, double? value) => Bind(index, NpgsqlDbType.Double, value);

    public override void BindBool(int index, bool? value) => Bind(index, NpgsqlDbType.Boolean, value);

    public override void BindText(int index, string? value) => Bind(index, NpgsqlDbType.Text, value is null ? null : PostgreSqlText.Of(value));

    public override void BindBlob(int index, ReadOnlySpan<byte> value) => Bind(index, NpgsqlDbType.Bytea, value.ToArray());

    public override void BindBlob(int index, byte[]? value) => Bind(index, NpgsqlDbType.Bytea, value);

    public override void BindGuid(int index, Guid? value) => Bind(index, NpgsqlDbType.Uuid, value);

    public override async ValueTask<bool> StepAsync(CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (_reader is null)
        {
            if (_interrupted)
            {
                throw new InvalidOperationException("Another statement of the session ran meanwhile, which ended the reading of this one.");
            }

            await _session.BeginAsync(this);
            _reader = await _session.GuardAsync(_command.ExecuteReaderAsync(CancellationToken.None));
        }

        if (await _session.GuardAsync(_reader.ReadAsync(CancellationToken.None)))
        {
            return true;
        }

        await ResetAsync();
        return false;
    }

    public override async ValueTask<int> ExecuteAsync(CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        await _session.BeginAsync(this);
        int changed = await _session.GuardAsync(_command.ExecuteNonQueryAsync(CancellationToken.None));
        _session.Ended(this);
        return changed;
    }

    public override async ValueTask ResetAsync()
    {
        _interrupted = false;
        await CloseAsync();
        _session.Ended(this);
    }

    /// <summary>Another statement is about to run.</summary>
    public ValueTask InterruptAsync()
    {
        _interrupted = _reader is not null;
        return CloseAsync();
    }

    /// <summary>For the next user of the session.</summary>
    public void Clear() => _interrupted = false;

    public override bool ColumnIsNull(int column) => Row.IsDBNull(column);

    public override long ColumnInt64(int column) => Row.IsDBNull(column) ? 0 : Row.GetFieldValue<long>(column);

    public override double ColumnDouble(int column) => Row.IsDBNull(column) ? 0 : Row.GetFieldValue<double>(column);

    public override bool ColumnBool(int column) => !Row.IsDBNull(column) && Row.GetBoolean(column);

    public override string? ColumnString(int column) => Row.IsDBNull(column) ? null : Row.GetString(column);

    public override ReadOnlySpan<byte> ColumnTextSpan(int column) => Row.IsDBNull(column) ? [] : Encoding.UTF8.GetBytes(Row.GetString(column));

    public override ReadOnlySpan<byte> ColumnBlobSpan(int column) => Row.IsDBNull(column) ? [] : Row.GetFieldValue<byte[]>(column);

    public override Guid ColumnGuid(int column) => Row.GetGuid(column);

    public void Dispose() => _command.Dispose();

    private NpgsqlDataReader Row => _reader ?? throw new InvalidOperationException("There is no row.");

    private async ValueTask CloseAsync()
    {
        if (_reader is { } reader)
        {
            _reader = null;
            await _session.GuardAsync(reader.DisposeAsync().AsTask());
        }
    }

    private void Bind(int index, NpgsqlDbType type, object? value)
    {
        NpgsqlParameter parameter = _command.Parameters[index - 1];
        parameter.NpgsqlDbType = type;
        parameter.Value = value ?? DBNull.Value;
    }

    [GeneratedRegex(@"\?(?<number>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
