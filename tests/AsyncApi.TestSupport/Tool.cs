using Xunit;

namespace AsyncApi.TestSupport;

/// <summary>Programs beside the SDK that some tests need.</summary>
public static class Tool
{
    private static readonly Dictionary<string, (string[] Names, string Package)> Known = new(StringComparer.Ordinal)
    {
        ["nginx"] = (["nginx"], "nginx-light"),
        ["chromium"] = (["chromium", "chromium-browser", "google-chrome"], "chromium"),
        ["initdb"] = (["initdb"], "postgresql"),
        ["pg_ctl"] = (["pg_ctl"], "postgresql"),
        ["postgres"] = (["postgres"], "postgresql"),
        ["psql"] = (["psql"], "postgresql"),
        ["setpriv"] = (["setpriv"], "util-linux"),
        ["taskset"] = (["taskset"], "util-linux"),
    };

    /// <summary>The program's path, or null when it is not installed.</summary>
    public static string? Find(string name)
        => (Known.TryGetValue(name, out (string[] Names, string Package) known) ? known.Names : [name])
            .SelectMany(file => Folders().Select(folder => Path.Combine(folder, file)))
            .FirstOrDefault(File.Exists);

    /// <summary>
    /// The program's path. Where it is missing the test is skipped with a word on what to install; in CI (<c>CI=true</c>), which
    /// installs everything, it fails instead, so that no test drops out of the run unseen.
    /// </summary>
    public static string Require(string name)
    {
        if (Find(name) is { } path)
        {
            return path;
        }

        string package = Known.TryGetValue(name, out (string[] Names, string Package) known) ? known.Package : name;
        string message = $"{name} is not installed; on Debian or Ubuntu: apt-get install {package}";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(message);
        }

        Assert.Skip(message);
        return string.Empty;
    }

    private static IEnumerable<string> Folders()
    {
        // Debian's client on the PATH is a script that looks for the program, and takes longer than the program. The last two are not on
        // the PATH of an ordinary user.
        string[] path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        IEnumerable<string> postgres = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return postgres.Concat(path).Concat(["/usr/sbin", "/usr/local/sbin"]);
    }
}
