using AsyncApi.Fetches.Submission;

namespace AsyncApi.Files;

/// <summary>Uploads as lists of requests to fetch.</summary>
internal sealed class UploadedRequests(FileLibrary library) : IRequestFiles
{
    public string? FaultOf(string path) => FilePath.TryParseUrl(path, out _, out string? fault) ? null : fault;

    public async Task<RequestFile?> OpenAsync(string path, CancellationToken token) =>
        FilePath.TryParseUrl(path, out FilePath? place, out _) && await library.OpenAsync(place, token) is { } found
            ? new RequestFile(found.Bytes, LineFormats.OfFile(found.File.ContentType, place.Name))
            : null;
}
