using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AsyncApi.TestSupport;

/// <summary>
/// What a <see cref="TargetServer"/> answers:
/// <c>/ok/{id}</c> 200 and its id;
/// <c>/status/{code}</c> that status, with <c>Retry-After</c> from <c>?retryAfter=</c>;
/// <c>/delay/{ms}</c> 200 after a while;
/// <c>/bytes/{n}</c> that many bytes, the i-th of them i modulo 251;
/// <c>/redirect/{n}</c> n redirects, then 200;
/// <c>/redirect-to?url=&amp;status=</c> one redirect anywhere;
/// <c>/flaky/{id}/{failures}</c> 503 that many times for this id, then 200;
/// <c>/echo</c> a JSON object of method, target, headers and body;
/// and, not counted themselves, <c>/hits/{path}</c> and <c>/concurrency-max</c> the counts as text.
/// </summary>
public static class TargetRoutes
{
    private const int ChunkSize = 64 * 1024;

    internal static bool IsQuestion(string path)
        => path.StartsWith("/hits/", StringComparison.Ordinal) || path.Equals("/concurrency-max", StringComparison.Ordinal);

    internal static void Map(IEndpointRouteBuilder app, TargetServer target)
    {
        ConcurrentDictionary<string, int> flaky = new(StringComparer.Ordinal);
        app.Map("/ok/{id}", context => AnswerAsync(context, Value(context, "id")));
        app.Map("/status/{code:int}", StatusAsync);
        app.Map("/delay/{ms:int}", DelayAsync);
        app.Map("/bytes/{n:long}", BytesAsync);
        app.Map("/redirect/{n:int}", RedirectDownAsync);
        app.Map("/redirect-to", context => RedirectAsync(context, int.Parse(Query(context, "status", "302"), CultureInfo.InvariantCulture), Query(context, "url", "/")));
        app.Map("/flaky/{id}/{failures:int}", context => FlakyAsync(context, flaky));
        app.Map("/echo", EchoAsync);
        app.Map("/hits/{**path}", context => AnswerAsync(context, Text(target.Hits("/" + Value(context, "path")))));
        app.Map("/concurrency-max", context => AnswerAsync(context, Text(target.MaxConcurrency)));
    }

    private static Task StatusAsync(HttpContext context)
    {
        context.Response.StatusCode = (int)Number(context, "code");
        if (context.Request.Query.TryGetValue("retryAfter", out Microsoft.Extensions.Primitives.StringValues wait))
        {
            context.Response.Headers.RetryAfter = wait;
        }

        return Task.CompletedTask;
    }

    private static async Task DelayAsync(HttpContext context)
    {
        await Task.Delay((int)Number(context, "ms"), context.RequestAborted);
        await AnswerAsync(context, "late");
    }

    private static async Task BytesAsync(HttpContext context)
    {
        long length = Number(context, "n");
        context.Response.ContentLength = length;
        context.Response.ContentType = "application/octet-stream";
        byte[] chunk = new byte[ChunkSize];
        for (long sent = 0; sent < length; sent += ChunkSize)
        {
            int size = (int)Math.Min(ChunkSize, length - sent);
            for (int i = 0; i < size; i++)
            {
                chunk[i] = (byte)((sent + i) % 251);
            }

            await context.Response.Body.WriteAsync(chunk.AsMemory(0, size), context.RequestAborted);
        }
    }

    private static Task RedirectDownAsync(HttpContext context)
    {
        long left = Number(context, "n");
        return left == 0 ? AnswerAsync(context, "there") : RedirectAsync(context, StatusCodes.Status302Found, $"/redirect/{left - 1}");
    }

    private static Task RedirectAsync(HttpContext context, int status, string location)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    private static Task FlakyAsync(HttpContext context, ConcurrentDictionary<string, int> flaky)
    {
        int seen = flaky.AddOrUpdate(Value(context, "id"), 1, (_, count) => count + 1);
        if (seen <= Number(context, "failures"))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }

        return AnswerAsync(context, Text(seen));
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        string body = await reader.ReadToEndAsync(context.RequestAborted);
        Dictionary<string, string> headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        await context.Response.WriteAsJsonAsync(
            new { context.Request.Method, Target = context.Request.Path + context.Request.QueryString, Headers = headers, Body = body }, context.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext context, string text) => context.Response.WriteAsync(text, context.RequestAborted);

    private static string Value(HttpContext context, string name) => context.GetRouteValue(name) as string ?? string.Empty;

    private static long Number(HttpContext context, string name) => long.Parse(Value(context, name), CultureInfo.InvariantCulture);

    private static string Query(HttpContext context, string name, string otherwise)
        => context.Request.Query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value) ? value.ToString() : otherwise;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
