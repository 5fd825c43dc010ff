namespace AsyncApi.Fetches.Submission;

/// <summary>The uploaded files as submissions see them. Whoever keeps the files provides it, so that fetches need not know them.</summary>
internal interface IRequestFiles
{
    /// <summary>What is wrong with a path such as <c>/files/list.txt</c>; null when a file could be there.</summary>
    string? FaultOf(string path);

    /// <summary>The file as it is now, whatever replaces it while it is read. Null when there is none.</summary>
    Task<RequestFile?> OpenAsync(string path, CancellationToken token);
}

/// <summary>A file of one request a line.</summary>
internal sealed record RequestFile(Stream Bytes, LineFormat Format) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Bytes.DisposeAsync();
}
