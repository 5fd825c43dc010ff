using System.Reflection;
using System.Runtime.InteropServices;

namespace SQLitePCL;

/// <summary>Finds the system's SQLite under the names that systems give it.</summary>
internal static class SqliteLibrary
{
    internal const string Name = "sqlite3";

    // The plain name is a link that Debian ships with the headers only; the runtime package has the versioned one.
    private static readonly string[] Candidates = OperatingSystem.IsWindows()
        ? ["winsqlite3", "sqlite3.dll"]
        : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : ["libsqlite3.so.0", "libsqlite3.so"];

    internal static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Name ? Load([Name, .. Candidates], assembly, searchPath) : 0;

    internal static nint Load(string[] candidates, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, searchPath, out nint library))
            {
                return library;
            }
        }

        throw new DllNotFoundException(
            $"SQLite was not found (tried {string.Join(", ", candidates)}). Install the system's package: "
            + "libsqlite3-0 on Debian and Ubuntu, sqlite-libs on Alpine and Fedora; macOS and Windows bring their own.");
    }
}
