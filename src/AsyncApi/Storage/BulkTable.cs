namespace AsyncApi.Storage;

/// <summary>A table into which rows go in thousands, and its columns in the order in which they are given.</summary>
internal sealed class BulkTable(string name, params string[] columns)
{
    public string Name { get; } = name;

    public IReadOnlyList<string> Columns { get; } = columns;
}
