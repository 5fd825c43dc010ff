using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace AsyncApi.Storage;

/// <summary>
/// The folder that holds what is durable and not in a database server, and the lock that keeps a second process out of the
/// database's file. With a server processes may share the folder; what each of them is receiving lies in a folder of its own.
/// </summary>
internal sealed class DataFolder(IOptions<StorageOptions> options) : IDisposable
{
    // The runtime has no exception type of its own for a file that someone else holds.
    private const int HeldOnLinux = 11;
    private const int HeldOnMac = 35;
    private const int HeldOnWindows = unchecked((int)0x80070020);
    private const string LockSuffix = ".lock";
    private const string ProcessPrefix = "process-";

    private readonly bool _isShared = options.Value.Provider == StorageProvider.PostgreSql;
    private readonly string _process = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");
    private FileStream? _lock;

    public string Root { get; } = Path.GetFullPath(options.Value.Path);

    public string DatabaseFile => Path.Combine(Root, "asyncapi.db");

    /// <summary>Response bodies that are too large for a row.</summary>
    public string Bodies => Path.Combine(Root, "bodies");

    /// <summary>What is being received; nothing here is promised to anybody yet.</summary>
    public string Spool => _isShared ? Path.Combine(Spools, _process) : Spools;

    private string Spools => Path.Combine(Root, "spool");

    /// <summary>
    /// Creates the folder and takes it for this process, until <see cref="Dispose"/> or the process's end, however it comes.
    /// </summary>
    /// <exception cref="DataFolderInUseException">Another process has it, and it cannot be shared.</exception>
    public void Take()
    {
        if (_lock is not null)
        {
            return;
        }

        Directory.CreateDirectory(Root);
        if (_isShared)
        {
            Directory.CreateDirectory(Spools);
            RemoveLeft();
        }

        string file = Path.Combine(Root, (_isShared ? ProcessPrefix + _process : "asyncapi") + LockSuffix);
        _lock = TryLock(file, out IOException? held) ?? throw new DataFolderInUseException(Root, held!);
        Directory.CreateDirectory(Bodies);
        Directory.CreateDirectory(Spool);
    }

    // The file of the whole folder stays: removing it could let a third process lock a new file while a second holds the old one.
    public void Dispose() => _lock?.Dispose();

    /// <summary>A lock that can be taken was left by a process that is gone; files that are nobody's by one that had the folder alone.</summary>
    [SuppressMessage("Usage", "MA0045", Justification = "At the start, before anything else runs.")]
    private void RemoveLeft()
    {
        foreach (string file in Directory.EnumerateFiles(Root, $"{ProcessPrefix}*{LockSuffix}"))
        {
            using IDisposable? left = TryLock(file, out _);
            if (left is not null)
            {
                string spool = Path.Combine(Spools, Path.GetFileNameWithoutExtension(file)[ProcessPrefix.Length..]);
                if (Directory.Exists(spool))
                {
                    Directory.Delete(spool, recursive: true);
                }

                File.Delete(file);
            }
        }

        foreach (string file in Directory.EnumerateFiles(Spools))
        {
            File.Delete(file);
        }
    }

    private static FileStream? TryLock(string file, out IOException? held)
    {
        held = null;
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows)
        {
            held = e;
            return null;
        }
    }
}

/// <summary>Two processes on one folder would corrupt each other's work, so the second does not start.</summary>
internal sealed class DataFolderInUseException(string folder, Exception inner) : Exception(
    $"The data folder {folder} is in use by another process. Stop that process, or give this one a folder of its own "
    + "(Storage__Path or --Storage:Path).",
    inner);
