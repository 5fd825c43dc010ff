using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Callbacks;

/// <summary>The log of tries. Each write is part of the transaction that decides what becomes of the delivery.</summary>
internal static class DeliveryTryStore
{
    /// <summary>The schedule makes ten; by hand a delivery may be sent again for ever.</summary>
    public const int Kept = 50;

    private const string Begin = "insert into callback_tries (delivery, attempt, at, error) values (?1, ?2, ?3, ?4)";
    private const string End = "update callback_tries set duration_us = ?3, http_status = ?4, error = ?5 where delivery = ?1 and attempt = ?2";
    private const string TakeBack = "delete from callback_tries where delivery = ?1 and attempt = ?2";
    private const string Forget = "delete from callback_tries where delivery = ?1 and attempt <= ?2";

    /// <param name="error">What stands there if nothing more is heard of it.</param>
    public static async ValueTask BeginAsync(WriteSession session, Delivery delivery, DateTimeOffset now, string error, CancellationToken token)
    {
        Statement begin = StatementOf(session, Begin, delivery.Number, delivery.Attempt);
        begin.BindTime(3, now);
        begin.BindText(4, error);
        await begin.ExecuteAsync(token);
        if (delivery.Attempt > Kept)
        {
            await StatementOf(session, Forget, delivery.Number, delivery.Attempt - Kept).ExecuteAsync(token);
        }
    }

    /// <summary>Also of a try whose delivery is someone else's by now: what came of it is true all the same.</summary>
    public static async ValueTask EndAsync(WriteSession session, Delivery delivery, TryAnswer answer, CancellationToken token)
    {
        Statement end = StatementOf(session, End, delivery.Number, delivery.Attempt);
        end.BindInt64(3, (long?)answer.Duration?.TotalMicroseconds);
        end.BindInt64(4, answer.HttpStatus);
        end.BindText(5, answer.Error);
        await end.ExecuteAsync(token);
    }

    /// <summary>It was none.</summary>
    public static async ValueTask TakeBackAsync(WriteSession session, Delivery delivery, CancellationToken token) =>
        await StatementOf(session, TakeBack, delivery.Number, delivery.Attempt).ExecuteAsync(token);

    public static async Task<DeliveryRecord> WithTriesAsync(this Delivery delivery, AppDbContext context, CancellationToken token) => new(
        delivery,
        await context.Set<DeliveryTry>().Where(row => row.Delivery == delivery.Number).OrderBy(row => row.Attempt).AsNoTracking().ToListAsync(token));

    private static Statement StatementOf(WriteSession session, string sql, long delivery, int attempt)
    {
        Statement statement = session.Prepare(sql);
        statement.BindInt64(1, delivery);
        statement.BindInt64(2, attempt);
        return statement;
    }
}
