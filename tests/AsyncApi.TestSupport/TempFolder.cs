namespace AsyncApi.TestSupport;

/// <summary>A folder of its own for a test, gone with all its content on <see cref="Dispose"/>.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("asyncapi-").FullName;

    public string Path { get; }

    /// <summary>The full path of a name in the folder; nothing is made.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
