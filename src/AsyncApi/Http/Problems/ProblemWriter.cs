using System.Text.Json;
using AsyncApi.Http.Input;

namespace AsyncApi.Http.Problems;

/// <summary>The one place that writes a problem document, for typed results, bare status codes and exceptions alike.</summary>
internal static class ProblemWriter
{
    public static async Task WriteAsync(HttpContext context, string type, string title, string? detail, Faults? faults = null)
    {
        HttpResponse response = context.Response;
        response.ContentType = ProblemResult.MediaType;
        response.ContentLength = null;
        // Nobody who is told to come back later is left to guess when, be it a refusal of the framework's.
        if (response.StatusCode is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            response.Headers.TryAdd("Retry-After", "1");
        if (HttpMethods.IsHead(context.Request.Method))
            return;

        // Not awaited per member: a problem is small, and goes out in one piece.
        using (Utf8JsonWriter json = new(response.BodyWriter, JsonDefaults.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("title", title);
            json.WriteNumber("status", response.StatusCode);
            if (detail is not null)
                json.WriteString("detail", detail);
            json.WriteString("instance", context.Request.Path.ToUriComponent());
            json.WriteString("requestId", context.GetRequestId());
            if (faults is { Any: true })
                WriteErrors(json, faults);
            json.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void WriteErrors(Utf8JsonWriter json, Faults faults)
    {
        json.WriteStartObject("errors");
        foreach (IGrouping<string, Fault> path in faults.List.GroupBy(fault => fault.Path, StringComparer.Ordinal))
        {
            json.WriteStartArray(path.Key);
            foreach (Fault fault in path)
                json.WriteStringValue(fault.Message);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
