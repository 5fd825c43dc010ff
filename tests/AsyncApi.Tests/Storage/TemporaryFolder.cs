namespace AsyncApi.Tests.Storage;

internal sealed class TemporaryFolder(string path) : IDisposable
{
    private const string Memory = "/dev/shm";

    public TemporaryFolder() : this(Directory.CreateTempSubdirectory("asyncapi-").FullName)
    {
    }

    public string Path => path;

    /// <summary>One that no disk slows down, where the system has such; else one like any other.</summary>
    public static TemporaryFolder InMemory() =>
        Directory.Exists(Memory)
            ? new TemporaryFolder(Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"asyncapi-{Guid.NewGuid():N}")).FullName)
            : new TemporaryFolder();

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
