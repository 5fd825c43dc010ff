using Microsoft.Extensions.Options;

namespace AsyncApi.Storage;

/// <summary>The folder that holds everything durable, and the lock that keeps a second process out of it.</summary>
internal sealed class DataFolder(IOptions<StorageOptions> options) : IDisposable
{
    // The runtime has no exception type of its own for a file that someone else holds.
    private const int HeldOnLinux = 11;
    private const int HeldOnMac = 35;
    private const int HeldOnWindows = unchecked((int)0x80070020);

    private FileStream? _lock;

    public string Root { get; } = Path.GetFullPath(options.Value.Path);

    public string DatabaseFile => Path.Combine(Root, "asyncapi.db");

    /// <summary>Response bodies that are too large for a row.</summary>
    public string Bodies => Path.Combine(Root, "bodies");

    /// <summary>What is being received; nothing here is promised to anybody yet.</summary>
    public string Spool => Path.Combine(Root, "spool");

    /// <summary>
    /// Creates the folder and takes it for this process, until <see cref="Dispose"/> or the process's end, however it comes.
    /// </summary>
    /// <exception cref="DataFolderInUseException">Another process has it.</exception>
    public void Take()
    {
        if (_lock is not null)
        {
            return;
        }

        Directory.CreateDirectory(Root);
        string file = Path.Combine(Root, "asyncapi.lock");
        try
        {
            _lock = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows)
        {
            throw new DataFolderInUseException(Root, e);
        }

        Directory.CreateDirectory(Bodies);
        Directory.CreateDirectory(Spool);
    }

    // The file stays: removing it could let a third process lock a new file while a second holds the old one.
    public void Dispose() => _lock?.Dispose();
}

/// <summary>Two processes on one folder would corrupt each other's work, so the second does not start.</summary>
internal sealed class DataFolderInUseException(string folder, Exception inner) : Exception(
    $"The data folder {folder} is in use by another process. Stop that process, or give this one a folder of its own "
    + "(Storage__Path or --Storage:Path).",
    inner);
