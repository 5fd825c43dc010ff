using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Http.Idempotency;

/// <summary>The answers that are kept for their keys. One older than <see cref="Lifetime"/> is as good as gone.</summary>
internal sealed class KeptAnswerStore(Database database, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const int RemovedAtOnce = 500;

    public async Task<KeptAnswer?> FindAsync(string scope, CancellationToken token)
    {
        DateTimeOffset oldest = Oldest();
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<KeptAnswer>().SingleOrDefaultAsync(answer => answer.Scope == scope && answer.CreatedAt > oldest, token);
    }

    /// <summary>Part of the transaction that makes what the answer is about.</summary>
    /// <exception cref="KeyTakenException">Another request with the key was faster; the transaction must not commit.</exception>
    public async ValueTask AddAsync(WriteSession session, KeptAnswer answer, CancellationToken token)
    {
        DateTimeOffset oldest = Oldest();
        await session.Context.Set<KeptAnswer>().Where(old => old.Scope == answer.Scope && old.CreatedAt <= oldest).ExecuteDeleteAsync(token);
        session.Context.Set<KeptAnswer>().Add(answer);
        try
        {
            await session.Context.SaveChangesAsync(token);
        }
        catch (DbUpdateException failure) when (StorageErrors.IsUniqueViolation(failure))
        {
            throw new KeyTakenException(failure);
        }
    }

    /// <summary>Removes what has outlived its time, in bites that hold nobody up.</summary>
    public async Task RemoveOldAsync(CancellationToken token)
    {
        DateTimeOffset oldest = Oldest();
        int removed;
        do
        {
            removed = await database.WriteAsync(
                async (session, stop) => await session.Context.Set<KeptAnswer>()
                    .Where(answer => session.Context.Set<KeptAnswer>()
                        .Where(old => old.CreatedAt <= oldest)
                        .OrderBy(old => old.CreatedAt)
                        .Take(RemovedAtOnce)
                        .Select(old => old.Scope)
                        .Contains(answer.Scope))
                    .ExecuteDeleteAsync(stop),
                token);
        }
        while (removed == RemovedAtOnce);
    }

    private DateTimeOffset Oldest() => time.GetUtcNow() - Lifetime;
}

/// <summary>Two requests with one key were in hand at once, and the other one has committed.</summary>
internal sealed class KeyTakenException(Exception inner) : Exception("The idempotency key is another request's by now.", inner);
