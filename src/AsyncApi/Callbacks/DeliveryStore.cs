using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Callbacks;

/// <summary>The deliveries' rows, as clients see and change them.</summary>
internal sealed class DeliveryStore(Database database, TimeProvider time)
{
    private const string ForgetTries = "delete from callback_tries where delivery in (select number from callbacks where job_id = ?1)";
    private const string Forget = "delete from callbacks where job_id = ?1";

    public async Task<DeliveryRecord?> FindAsync(Guid job, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        Delivery? delivery = await session.Context.Set<Delivery>().SingleOrDefaultAsync(row => row.JobId == job, token);
        return delivery is null ? null : await delivery.WithTriesAsync(session.Context, token);
    }

    /// <summary>Part of the transaction that deletes the job: nobody is told of it any more.</summary>
    public static async ValueTask ForgetAsync(WriteSession session, Guid job, CancellationToken token)
    {
        foreach (string sql in (string[])[ForgetTries, Forget])
        {
            Statement delete = session.Prepare(sql);
            delete.BindGuid(1, job);
            await delete.ExecuteAsync(token);
        }
    }

    /// <summary>Begins anew, at once and with the whole schedule; a try that is under way no longer counts. Null when there is none.</summary>
    public Task<DeliveryRecord?> RedeliverAsync(Guid job, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                Delivery? delivery = await session.Context.Set<Delivery>().SingleOrDefaultAsync(row => row.JobId == job, stop);
                if (delivery is null)
                {
                    return null;
                }

                delivery.Status = DeliveryStatus.Pending;
                delivery.Tries = 0;
                delivery.Claim++;
                delivery.NextAt = time.GetUtcNow();
                await session.Context.SaveChangesAsync(stop);
                return await delivery.WithTriesAsync(session.Context, stop);
            },
            token);
}
