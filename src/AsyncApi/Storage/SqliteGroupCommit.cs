using System.Diagnostics.CodeAnalysis;
using SQLitePCL;

namespace AsyncApi.Storage;

/// <summary>
/// Runs a group of commands in one transaction. A command that fails is undone alone; the others commit. Every caller hears
/// after the commit, never before.
/// </summary>
internal sealed class SqliteGroupCommit(SqliteSession session, StorageMetrics metrics) : IDisposable
{
    private readonly WriteSession _commands = new(session);

    // Immediate: a transaction that begins by reading and wants to write later is refused at once, whatever the timeout.
    private readonly PreparedStatement _begin = new(session.Handle, "begin immediate");
    private readonly PreparedStatement _commit = new(session.Handle, "commit");
    private readonly PreparedStatement _rollback = new(session.Handle, "rollback");
    private readonly PreparedStatement _savepoint = new(session.Handle, "savepoint command");
    private readonly PreparedStatement _release = new(session.Handle, "release command");
    private readonly PreparedStatement _undo = new(session.Handle, "rollback to command");

    public void Run(ReadOnlySpan<WriteCommand> group)
    {
        while (!group.IsEmpty)
        {
            group = group[RunTransaction(group)..];
        }
    }

    public void Dispose()
    {
        foreach (PreparedStatement statement in (PreparedStatement[])[_begin, _commit, _rollback, _savepoint, _release, _undo])
        {
            statement.Dispose();
        }
    }

    /// <summary>How many commands were answered: all, unless SQLite gave up the transaction in their midst.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong, every caller of the group must hear of it.")]
    private int RunTransaction(ReadOnlySpan<WriteCommand> group)
    {
        long start = TimeProvider.System.GetTimestamp();
        try
        {
            _begin.Execute();
            for (int i = 0; i < group.Length; i++)
            {
                RunCommand(group[i], alone: group.Length == 1);
                if (!session.InTransaction)
                {
                    // A full disk or an I/O error makes SQLite roll back all of it. The rest gets a transaction of its own.
                    Fail(group[..(i + 1)], group[i].Failure!);
                    return i + 1;
                }
            }

            (group is [{ Failure: not null }] ? _rollback : _commit).Execute();
        }
        catch (Exception e)
        {
            Exception failure = SqliteErrors.Translate(e, session.Handle);
            if (session.InTransaction)
            {
                _rollback.Execute();
            }

            Fail(group, failure);
            return group.Length;
        }

        TimeSpan duration = TimeProvider.System.GetElapsedTime(start);
        foreach (WriteCommand command in group)
        {
            command.Complete();
        }

        if (group is not [{ Failure: not null }])
        {
            metrics.Committed(group.Length, duration);
        }

        return group.Length;
    }

    [SuppressMessage("Design", "CA1031", Justification = "The command's failure is its caller's, not the group's.")]
    private void RunCommand(WriteCommand command, bool alone)
    {
        if (!alone)
        {
            _savepoint.Execute();
        }

        try
        {
            command.Execute(_commands);
        }
        catch (Exception e)
        {
            command.Failure = SqliteErrors.Translate(e, session.Handle);
        }

        session.Clear();
        if (!session.InTransaction)
        {
            command.Failure ??= new InvalidOperationException("The command ended the transaction, which is not its to end.");
            return;
        }

        if (!alone)
        {
            if (command.Failure is not null)
            {
                _undo.Execute();
            }

            _release.Execute();
        }
    }

    private static void Fail(ReadOnlySpan<WriteCommand> group, Exception failure)
    {
        foreach (WriteCommand command in group)
        {
            command.Fail(failure);
        }
    }
}
