namespace AsyncApi.Http.Idempotency;

/// <summary>The first answer once more, byte by byte.</summary>
internal sealed class ReplayedAnswer(KeptAnswer kept) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = kept.Status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = kept.Body.Length;
        if (kept.Location is not null)
        {
            response.Headers.Location = kept.Location;
        }

        if (kept.ETag is not null)
        {
            response.Headers.ETag = kept.ETag;
        }

        await response.BodyWriter.WriteAsync(kept.Body, httpContext.RequestAborted);
    }
}
