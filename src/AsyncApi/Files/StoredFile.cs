namespace AsyncApi.Files;

/// <summary>A file that is there: its row is what makes it exist, and names the bytes on the disk.</summary>
internal sealed class StoredFile
{
    public long Number { get; init; }

    /// <inheritdoc cref="FilePath.Folder"/>
    public required string Folder { get; init; }

    public required string Name { get; init; }

    /// <summary>The bytes; each upload has its own.</summary>
    public Guid Blob { get; set; }

    public long Size { get; set; }

    /// <summary>Of the bytes, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; set; }

    /// <summary>As the uploader gave it; nothing is ever served as anything active.</summary>
    public required string ContentType { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ModifiedAt { get; set; }

    /// <summary>The strong entity tag of the bytes.</summary>
    public string Tag => $"\"{Sha256}\"";

    public FilePath Path => FilePath.Of(Folder, Name);
}
