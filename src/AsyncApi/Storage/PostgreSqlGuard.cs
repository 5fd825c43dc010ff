using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AsyncApi.Storage;

/// <summary>Puts EF's own calls under the session's guard. Half a call is never interrupted: that would cost the connection.</summary>
internal sealed class PostgreSqlGuard(PostgreSqlSession session) : DbCommandInterceptor
{
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await BeginAsync(cancellationToken);
        return InterceptionResult<DbDataReader>.SuppressWithResult(await session.GuardAsync(command.ExecuteReaderAsync(CancellationToken.None)));
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await BeginAsync(cancellationToken);
        return InterceptionResult<int>.SuppressWithResult(await session.GuardAsync(command.ExecuteNonQueryAsync(CancellationToken.None)));
    }

    public override async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        await BeginAsync(cancellationToken);
        return InterceptionResult<object>.SuppressWithResult((await session.GuardAsync(command.ExecuteScalarAsync(CancellationToken.None)))!);
    }

    private ValueTask BeginAsync(CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        return session.BeginAsync(null);
    }
}
