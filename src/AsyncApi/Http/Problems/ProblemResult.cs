using AsyncApi.Http.Input;

namespace AsyncApi.Http.Problems;

/// <summary>
/// A refusal as a value. Writes <c>application/problem+json</c> (RFC 9457); holds nothing that the service does not want to be read.
/// </summary>
internal sealed class ProblemResult : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    public const string MediaType = "application/problem+json";

    public required ProblemType Type { get; init; }

    /// <summary>What is special about this occurrence. Input in it has gone through <see cref="Quoted"/>.</summary>
    public string? Detail { get; init; }

    /// <summary>The faults of a <c>validation</c> problem.</summary>
    public Faults? Faults { get; init; }

    /// <summary>Extra response headers, such as Retry-After. Never built from input.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    int? IStatusCodeHttpResult.StatusCode => Type.Status;

    string? IContentTypeHttpResult.ContentType => MediaType;

    /// <summary>The same problem with one more response header.</summary>
    public ProblemResult With(string header, string value) =>
        new() { Type = Type, Detail = Detail, Faults = Faults, Headers = [.. Headers, new(header, value)] };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = Type.Status;
        foreach ((string name, string value) in Headers)
            response.Headers[name] = value;
        await ProblemWriter.WriteAsync(httpContext, Type.Uri, Type.Title, Detail, Faults);
    }
}
