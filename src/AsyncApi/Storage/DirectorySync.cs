using System.Runtime.InteropServices;

namespace AsyncApi.Storage;

/// <summary>
/// Makes a rename durable. A file's own flush does not: on Linux its name lies in the directory, which has to be flushed too,
/// and .NET has no call for that. Elsewhere the file system's journal has to do.
/// </summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The system could not do it; its error number is the exception's, as with the runtime's own.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            int refusal = Marshal.GetLastPInvokeError();
            throw new IOException($"The folder {folder} could not be opened (errno {refusal}).", refusal);
        }

        int result = Fsync(handle);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (result != 0)
        {
            throw new IOException($"The folder {folder} could not be flushed (errno {error}).", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
