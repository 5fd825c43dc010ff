namespace AsyncApi.Patterns.Resources;

/// <summary>A run's own folder, gone with all that is in it on <see cref="Dispose"/>.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string _path;

    private RunFolder(string path) => _path = path;

    public static RunFolder Create(PatternHost host)
    {
        string parent = host.TempFolder ?? throw new NotSupportedException("This host gives patterns no folder.");
        string path = Path.Combine(parent, Path.GetRandomFileName());
        Directory.CreateDirectory(path);
        return new RunFolder(path);
    }

    public string File(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
