using AsyncApi.Http.Idempotency;
using AsyncApi.Http.Preconditions;
using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Users;

/// <summary>The users' rows.</summary>
internal sealed class UserStore(Database database, TimeProvider time)
{
    private const int Created = 201;

    public async Task<User?> FindAsync(long id, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<User>().SingleOrDefaultAsync(user => user.Id == id, token);
    }

    /// <summary>Newest first; one more than asked for, when there is one.</summary>
    public async Task<IReadOnlyList<User>> ListAsync(long? before, int limit, CancellationToken token)
    {
        using ReadSession session = await database.OpenReadAsync(token);
        return await session.Context.Set<User>()
            .Where(user => before == null || user.Id < before)
            .OrderByDescending(user => user.Id)
            .Take(limit + 1)
            .ToListAsync(token);
    }

    /// <summary>Null when the address is somebody's already. What is answered is kept for the request's key.</summary>
    public async Task<User?> AddAsync(UserDraft draft, IdempotencyTicket ticket, CancellationToken token)
    {
        DateTimeOffset now = time.GetUtcNow();
        User user = new()
        {
            Name = draft.Name,
            Email = draft.Email,
            EmailKey = EmailAddress.KeyOf(draft.Email),
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        try
        {
            await database.WriteAsync(
                async (session, stop) =>
                {
                    session.Context.Set<User>().Add(user);
                    await session.Context.SaveChangesAsync(stop);
                    await ticket.KeepAsync(session, Created, user.Path, UserView.Of(user), stop, EntityTag.Of(user.Version));
                },
                token);
            return user;
        }
        catch (DbUpdateException error) when (StorageErrors.IsUniqueViolation(error))
        {
            return null;
        }
    }

    /// <summary>Replaces what a client says of the user, if the user is still as the client believes.</summary>
    public async Task<UserChange> ReplaceAsync(long id, UserDraft draft, Precondition precondition, CancellationToken token)
    {
        try
        {
            return await ChangeAsync(
                id,
                precondition,
                (_, user) =>
                {
                    user.Name = draft.Name;
                    user.Email = draft.Email;
                    user.EmailKey = EmailAddress.KeyOf(draft.Email);
                    user.Version++;
                    user.UpdatedAt = time.GetUtcNow();
                },
                token);
        }
        catch (DbUpdateException error) when (StorageErrors.IsUniqueViolation(error))
        {
            return UserChange.Taken;
        }
    }

    public Task<UserChange> RemoveAsync(long id, Precondition precondition, CancellationToken token) =>
        ChangeAsync(id, precondition, (context, user) => context.Remove(user), token);

    private Task<UserChange> ChangeAsync(long id, Precondition precondition, Action<DbContext, User> change, CancellationToken token) =>
        database.WriteAsync(
            async (session, stop) =>
            {
                User? user = await session.Context.Set<User>().SingleOrDefaultAsync(row => row.Id == id, stop);
                if (user is null)
                {
                    return UserChange.Missing;
                }

                if (!precondition.Allows(user.Version))
                {
                    return UserChange.Stale;
                }

                change(session.Context, user);
                await session.Context.SaveChangesAsync(stop);
                return new UserChange(user, UserChangeEnd.Done);
            },
            token);
}

/// <summary>What came of a change; the user as it is after it, when it was done.</summary>
internal sealed record UserChange(User? User, UserChangeEnd End)
{
    public static UserChange Missing { get; } = new(null, UserChangeEnd.Missing);

    public static UserChange Stale { get; } = new(null, UserChangeEnd.Stale);

    public static UserChange Taken { get; } = new(null, UserChangeEnd.Taken);
}

internal enum UserChangeEnd
{
    Done,
    Missing,
    Stale,
    Taken,
}
