using AsyncApi.Fetching;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Hosts;

/// <summary>What is known of hosts beyond the life of the process.</summary>
internal sealed class HostStore(Database database)
{
    /// <summary>By the host's name.</summary>
    public async Task<IReadOnlyDictionary<string, HostLimits>> ReadLimitsAsync(CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<HostLimitRow>()
            .ToDictionaryAsync(row => row.Host, row => new HostLimits(row.Concurrency, row.RequestsPerSecond), StringComparer.Ordinal, token);
    }

    /// <summary>The holds that last on; those that are over are removed.</summary>
    public Task<IReadOnlyList<HostHoldRow>> ReadHoldsAsync(DateTimeOffset now, CancellationToken token) =>
        database.WriteAsync<IReadOnlyList<HostHoldRow>>(
            async (session, stop) =>
            {
                await session.Context.Set<HostHoldRow>().Where(row => row.Until <= now).ExecuteDeleteAsync(stop);
                return await session.Context.Set<HostHoldRow>().AsNoTracking().ToListAsync(stop);
            },
            token);

    /// <summary>The host's limits with the change in them.</summary>
    public Task<HostLimits> ChangeAsync(string host, HostChange change, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                DbSet<HostLimitRow> rows = session.Context.Set<HostLimitRow>();
                HostLimitRow? row = await rows.SingleOrDefaultAsync(known => known.Host == host, stop);
                HostLimits limits = change.ApplyTo(new HostLimits(row?.Concurrency, row?.RequestsPerSecond ?? 0));
                if (limits is { Concurrency: null, RequestsPerSecond: 0 })
                {
                    await rows.Where(known => known.Host == host).ExecuteDeleteAsync(stop);
                    return limits;
                }

                row ??= rows.Add(new HostLimitRow { Host = host }).Entity;
                (row.Concurrency, row.RequestsPerSecond) = (limits.Concurrency, limits.RequestsPerSecond);
                await session.Context.SaveChangesAsync(stop);
                return limits;
            },
            token);

    public Task HoldAsync(IReadOnlyDictionary<string, DateTimeOffset> holds, CancellationToken token) =>
        database.WriteLingeringAsync(
            async (session, stop) =>
            {
                DbSet<HostHoldRow> rows = session.Context.Set<HostHoldRow>();
                foreach ((string host, DateTimeOffset until) in holds)
                {
                    HostHoldRow row = await rows.SingleOrDefaultAsync(known => known.Host == host, stop) ?? rows.Add(new HostHoldRow { Host = host }).Entity;
                    row.Until = until;
                }

                await session.Context.SaveChangesAsync(stop);
            },
            token);
}
