using System.Text.Json;

namespace AsyncApi.Http;

/// <summary>A 200 whose JSON is written by hand, for what is too hot for the serializer.</summary>
internal sealed class WrittenJson<T>(T value, Action<Utf8JsonWriter, T> write) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        using (Utf8JsonWriter json = new(response.BodyWriter, JsonDefaults.WriterOptions))
        {
            write(json, value);
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
