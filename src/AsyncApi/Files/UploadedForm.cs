namespace AsyncApi.Files;

/// <summary>The files of one form, until they are put; those that are not put leave nothing.</summary>
internal sealed class UploadedForm : IDisposable
{
    private readonly List<FileToPut> _files = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    public IReadOnlyList<FileToPut> Files => _files;

    /// <summary>What is wrong with the next part's name, be it only beside those before; null when it can be received.</summary>
    public string? FaultOf(string? fileName, out FilePath? path)
    {
        path = null;
        if (fileName is null)
            return "is no file: it has no filename";
        if (!FilePath.TryParse(fileName, out path, out string? fault))
            return $"filename {fault}";
        if (!_paths.Add(path.Value))
            return "filename stands twice in the form";
        string[] parents = [.. path.Parents().Select(parent => parent.Value)];
        _folders.UnionWith(parents);
        return _folders.Contains(path.Value) || parents.Any(_paths.Contains) ? "filename is a file and a folder in the form" : null;
    }

    public void Add(FileToPut file) => _files.Add(file);

    public void Dispose()
    {
        foreach (FileToPut file in _files)
            file.Received.Dispose();
    }
}
