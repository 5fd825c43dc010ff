using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Callbacks;

/// <summary>The deliveries' rows, as the worker sees and changes them. What is decided is written before it is done.</summary>
internal sealed class DeliveryWorkStore(Database database, DeliverySchedule schedule, TimeProvider time)
{
    private const int EndedAtOnce = 500;

    private const string NothingHeard = "Nothing was written down of the last try.";

    /// <summary>Makes deliveries, due at once, of jobs that are over. True when there may be more.</summary>
    public async Task<bool> TakeEndedAsync(CancellationToken token)
    {
        using (ReadSession read = await database.OpenReadAsync(token))
        {
            if (!await Ended(read.Context).AnyAsync(token))
            {
                return false;
            }
        }

        return await database.WriteAsync(
            async (session, stop) =>
            {
                List<Job> ended = await Ended(session.Context).OrderBy(job => job.FinishedAt).Take(EndedAtOnce).AsNoTracking().ToListAsync(stop);
                foreach (Job job in ended)
                {
                    // Whoever takes the wish away makes the delivery; a second process finds it gone.
                    int taken = await session.Context.Set<Job>()
                        .Where(row => row.Number == job.Number && row.CallbackUrl != null)
                        .ExecuteUpdateAsync(row => row.SetProperty(to => to.CallbackUrl, (string?)null), stop);
                    if (taken == 1)
                    {
                        session.Context.Add(NewDelivery(job));
                    }
                }

                await session.Context.SaveChangesAsync(stop);
                return ended.Count == EndedAtOnce;
            },
            token);
    }

    /// <summary>
    /// Takes up to <paramref name="limit"/> that are due, the longest due first. Their rows already say when they are tried again
    /// should nothing more be heard of this try, so that a crash repeats none early and forgets none.
    /// </summary>
    public Task<IReadOnlyList<Delivery>> ClaimAsync(int limit, HostLoad load, CancellationToken token) =>
        database.WriteAsync<IReadOnlyList<Delivery>>(
            async (session, stop) =>
            {
                DateTimeOffset now = time.GetUtcNow();
                List<Delivery> due = await Waiting(session.Context, load.Busy)
                    .Where(delivery => delivery.NextAt <= now)
                    .OrderBy(delivery => delivery.NextAt)
                    .Take(limit)
                    .AsNoTracking()
                    .ToListAsync(stop);
                List<Delivery> claimed = [];
                foreach (Delivery delivery in load.FitOf(due))
                {
                    DateTimeOffset next = now + schedule.Lease + schedule.WaitAfter(delivery.Tries + 1);
                    int taken = await Held(session, delivery).ExecuteUpdateAsync(
                        row => row
                            .SetProperty(to => to.Claim, to => to.Claim + 1)
                            .SetProperty(to => to.Attempt, to => to.Attempt + 1)
                            .SetProperty(to => to.Tries, to => to.Tries + 1)
                            .SetProperty(to => to.At, now)
                            .SetProperty(to => to.Error, NothingHeard)
                            .SetProperty(to => to.NextAt, next),
                        stop);
                    if (taken == 1)
                    {
                        (delivery.Claim, delivery.Attempt, delivery.Tries) = (delivery.Claim + 1, delivery.Attempt + 1, delivery.Tries + 1);
                        await DeliveryTryStore.BeginAsync(session, delivery, now, NothingHeard, stop);
                        claimed.Add(delivery);
                    }
                }

                return claimed;
            },
            token);

    /// <summary>Writes down what came of a try, unless the delivery is someone else's by now.</summary>
    public Task FinishAsync(Delivery delivery, DeliveryStatus status, TryAnswer answer, DateTimeOffset? next, CancellationToken token) =>
        database.WriteLingeringAsync(
            async (session, stop) =>
            {
                await DeliveryTryStore.EndAsync(session, delivery, answer, stop);
                await Held(session, delivery).ExecuteUpdateAsync(
                    row => row.SetProperty(to => to.Status, status).SetProperty(to => to.Error, answer.Error).SetProperty(to => to.NextAt, next), stop);
            },
            token);

    /// <summary>Gives back a delivery of which nothing was sent: its try does not count.</summary>
    public Task PutBackAsync(Delivery delivery, string error, DateTimeOffset next, CancellationToken token) =>
        database.WriteLingeringAsync(
            async (session, stop) =>
            {
                await DeliveryTryStore.TakeBackAsync(session, delivery, stop);
                await Held(session, delivery).ExecuteUpdateAsync(
                    row => row
                        .SetProperty(to => to.Attempt, to => to.Attempt - 1)
                        .SetProperty(to => to.Tries, to => to.Tries - 1)
                        .SetProperty(to => to.Error, error)
                        .SetProperty(to => to.NextAt, next),
                    stop);
            },
            token);

    /// <summary>When the next one falls due; null when none will.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(IReadOnlyCollection<string> busy, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await Waiting(session.Context, busy)
            .OrderBy(delivery => delivery.NextAt)
            .Select(delivery => delivery.NextAt)
            .FirstOrDefaultAsync(token);
    }

    private static IQueryable<Job> Ended(AppDbContext context) =>
        context.Set<Job>().Where(job => job.CallbackUrl != null && job.FinishedAt != null);

    private static IQueryable<Delivery> Waiting(AppDbContext context, IReadOnlyCollection<string> busy)
    {
        IQueryable<Delivery> waiting = context.Set<Delivery>().Where(delivery => delivery.NextAt != null);
        return busy.Count == 0 ? waiting : waiting.Where(delivery => !busy.Contains(delivery.Host));
    }

    private static IQueryable<Delivery> Held(WriteSession session, Delivery delivery) =>
        session.Context.Set<Delivery>().Where(row => row.Number == delivery.Number && row.Claim == delivery.Claim);

    private Delivery NewDelivery(Job job) => new()
    {
        Id = Guid.CreateVersion7(time.GetUtcNow()),
        JobId = job.Id,
        Url = job.CallbackUrl!,
        Host = HostKey.Of(new Uri(job.CallbackUrl!)).ToString(),
        NextAt = time.GetUtcNow(),
    };
}
