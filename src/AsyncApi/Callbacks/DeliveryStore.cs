using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Callbacks;

/// <summary>The deliveries' rows, as clients see and change them.</summary>
internal sealed class DeliveryStore(Database database, TimeProvider time)
{
    public async Task<Delivery?> FindAsync(Guid job, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<Delivery>().SingleOrDefaultAsync(delivery => delivery.JobId == job, token);
    }

    /// <summary>Begins anew, at once and with the whole schedule; a try that is under way no longer counts. Null when there is none.</summary>
    public Task<Delivery?> RedeliverAsync(Guid job, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                Delivery? delivery = await session.Context.Set<Delivery>().SingleOrDefaultAsync(row => row.JobId == job, stop);
                if (delivery is not null)
                {
                    delivery.Status = DeliveryStatus.Pending;
                    delivery.Tries = 0;
                    delivery.Claim++;
                    delivery.NextAt = time.GetUtcNow();
                    await session.Context.SaveChangesAsync(stop);
                }

                return delivery;
            },
            token);
}
