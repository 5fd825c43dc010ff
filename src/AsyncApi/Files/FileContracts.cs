namespace AsyncApi.Files;

/// <summary>A stored file.</summary>
/// <param name="Path">Its place below <c>/files/</c>.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Sha256">The hash of its bytes, in lower-case hexadecimal; in quotes it is the <c>ETag</c>.</param>
/// <param name="ContentType">As the upload named it. It is served as that only where nothing of it could run.</param>
internal sealed record FileView(string Path, long Size, string Sha256, string ContentType)
{
    public static FileView Of(StoredFile file) => new(file.Path.Value, file.Size, file.Sha256, file.ContentType);
}

/// <summary>What an upload has stored.</summary>
/// <param name="Items">The files, in the order of the form.</param>
internal sealed record UploadView(IReadOnlyList<FileView> Items)
{
    public static UploadView Of(IReadOnlyList<PutFile> put) => new([.. put.Select(one => FileView.Of(one.File))]);
}

/// <summary>What lies in a folder: a page of it.</summary>
/// <param name="Path">The folder; empty for the root.</param>
/// <param name="Items">Files and folders, in the order of their names' bytes.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null when this was the last.</param>
internal sealed record FolderView(string Path, IReadOnlyList<FolderItemView> Items, string? NextCursor);

/// <summary>A file or a folder in a folder.</summary>
/// <param name="Name">A folder's ends in a slash.</param>
/// <param name="Url">Where it is served.</param>
/// <param name="Size">A file's length in bytes; null for a folder.</param>
/// <param name="Sha256">A file's hash; null for a folder.</param>
/// <param name="ContentType">A file's type; null for a folder.</param>
/// <param name="ModifiedAt">When the file came; null for a folder.</param>
internal sealed record FolderItemView(string Name, string Url, long? Size, string? Sha256, string? ContentType, DateTimeOffset? ModifiedAt)
{
    public static FolderItemView Of(string folder, FolderEntry entry) => new(
        entry.Name, FilePath.UrlOf(folder + entry.Name), entry.File?.Size, entry.File?.Sha256, entry.File?.ContentType, entry.File?.ModifiedAt);
}

/// <summary>The form of an upload, for the documentation: it is read part by part.</summary>
/// <param name="Files">Files, in any number of parts of any name; each part's filename is the path.</param>
internal sealed record UploadForm(IReadOnlyList<byte[]> Files);
