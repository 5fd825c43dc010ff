namespace AsyncApi.TestSupport;

/// <summary>Where the sources and the built service lie, seen from the running test assembly.</summary>
public static class Repository
{
    /// <summary>The folder with <c>AsyncApi.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The source folder of the service, which is its content root as with <c>dotnet run</c>.</summary>
    public static string ServiceFolder { get; } = Path.Combine(Root, "src", "AsyncApi");

    /// <summary>The built service, of the same configuration as the test assembly where that exists, else the newest.</summary>
    public static string ServiceAssembly()
    {
        string output = Path.Combine(ServiceFolder, "bin");
        string framework = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))) ?? string.Empty;
        string same = Path.Combine(output, configuration, framework, "AsyncApi.dll");
        return File.Exists(same)
            ? same
            : Directory.EnumerateFiles(output, "AsyncApi.dll", SearchOption.AllDirectories)
                .Where(file => !file.Contains("publish", StringComparison.Ordinal))
                .MaxBy(File.GetLastWriteTimeUtc)
                ?? throw new FileNotFoundException("The service is not built: dotnet build src/AsyncApi", output);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AsyncApi.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No AsyncApi.sln above {AppContext.BaseDirectory}.");
    }
}
