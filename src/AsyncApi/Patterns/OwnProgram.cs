namespace AsyncApi.Patterns;

/// <summary>How this program is started once more.</summary>
internal static class OwnProgram
{
    /// <summary>Through the same dotnet host, or as its own executable where it was built as one.</summary>
    public static IReadOnlyList<string> Command { get; } = Find(typeof(OwnProgram).Assembly.Location, Environment.ProcessPath);

    private static string[] Find(string assembly, string? process)
    {
        string name = NameOf(process ?? "", ".exe");
        // Inside another program, such as that of the tests, there is only the assembly.
        bool isOwn = assembly.Length == 0 || name == NameOf(assembly, ".dll");
        return isOwn ? [process!] : [name == "dotnet" ? process! : "dotnet", assembly];
    }

    private static string NameOf(string path, string ending)
    {
        string name = Path.GetFileName(path);
        return name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? name[..^ending.Length] : name;
    }
}
