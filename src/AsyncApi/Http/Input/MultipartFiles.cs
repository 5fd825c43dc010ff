using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.Http.Input;

/// <summary>
/// The parts of a <c>multipart/form-data</c> body, one at a time as they arrive. A body that breaks off or is not well-formed ends in
/// the reader's own exceptions, which are problems wherever a form is read.
/// </summary>
internal sealed class MultipartFiles
{
    private const string MediaType = "multipart/form-data";

    // RFC 2046, 5.1.1.
    private const int MaxBoundary = 70;

    private readonly MultipartReader _reader;
    private int _number;

    private MultipartFiles(MultipartReader reader) => _reader = reader;

    public static (MultipartFiles? Parts, ProblemResult? Problem) Open(HttpRequest request)
    {
        // Asking makes the request one with a form, whose reading errors are the client's.
        if (!request.HasFormContentType || !MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
        {
            return (null, Problem.UnsupportedMediaType([MediaType]));
        }

        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= MaxBoundary
            ? (new MultipartFiles(new MultipartReader(boundary, request.Body)), null)
            : (null, Problem.MalformedBody($"The Content-Type needs a boundary of 1 to {MaxBoundary} characters."));
    }

    /// <summary>The next part; what was not read of the one before is passed over. Null at the end.</summary>
    public async Task<MultipartFile?> NextAsync(CancellationToken token)
    {
        if (await _reader.ReadNextSectionAsync(token) is not { } section)
            return null;
        return new MultipartFile(++_number, FileName(section), section.ContentType, section.Body);
    }

    private static string? FileName(MultipartSection section)
    {
        if (section.GetContentDispositionHeader() is not { } header)
            return null;
        StringSegment name = header.FileNameStar.HasValue ? header.FileNameStar : header.FileName;
        return name.HasValue ? HeaderUtilities.UnescapeAsQuotedString(name).ToString() : null;
    }
}

/// <param name="Number">Its place in the form, from 1.</param>
/// <param name="FileName">As the client wrote it; null for a part that is no file.</param>
/// <param name="ContentType">As the client wrote it.</param>
/// <param name="Body">To be read before the next part is asked for.</param>
internal sealed record MultipartFile(int Number, string? FileName, string? ContentType, Stream Body);
