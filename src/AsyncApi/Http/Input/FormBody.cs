using AsyncApi.Http.Problems;

namespace AsyncApi.Http.Input;

/// <summary>A request body read as a form, url-encoded or multipart. Either there is a form, or a problem that says why not.</summary>
internal readonly record struct FormBody(IFormCollection? Form, ProblemResult? Problem)
{
    private static readonly string[] MediaTypes = ["application/x-www-form-urlencoded", "multipart/form-data"];

    public static async Task<FormBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Unasked, the framework would throw as if it were our mistake.
        if (!request.HasFormContentType)
            return new FormBody(null, Problems.Problem.UnsupportedMediaType(MediaTypes));
        try
        {
            return new FormBody(await request.ReadFormAsync(cancellationToken), null);
        }
        catch (InvalidDataException)
        {
            return new FormBody(null, Problems.Problem.MalformedBody("The form is not well-formed, or has too many or too large fields."));
        }
    }
}
