using System.Buffers;
using System.Security.Cryptography;
using AsyncApi.Http.Input;
using AsyncApi.Http.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AsyncApi.Http.Idempotency;

/// <summary>
/// Answers a request whose key was seen before without calling its handler, and gives the first one its ticket. What is refused
/// keeps nothing, since its handler makes nothing.
/// </summary>
internal sealed class IdempotencyFilter(KeptAnswerStore answers, KeysInHand inHand, TimeProvider time)
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(1);
    private static readonly SearchValues<char> VisibleAscii = SearchValues.Create([.. Enumerable.Range(0x21, 0x7F - 0x21).Select(code => (char)code)]);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next, Replay? replay)
    {
        HttpContext context = invocation.HttpContext;
        if (!context.Request.Headers.TryGetValue(Header, out StringValues keys))
        {
            return await next(invocation);
        }

        if (keys is not [{ Length: > 0 and <= MaxLength } key] || key.AsSpan().ContainsAnyExcept(VisibleAscii))
        {
            return Problem.Validation(Header, $"must stand once and have 1 to {MaxLength} visible ASCII characters, was {Quoted.Of(keys.ToString())}");
        }

        string scope = ScopeOf(context, key);
        bool first = inHand.TryEnter(scope);
        try
        {
            return await InvokeAsync(invocation, next, scope, first, replay ?? ReplayAsync);
        }
        finally
        {
            if (first)
            {
                inHand.Leave(scope);
            }
        }
    }

    private async ValueTask<object?> InvokeAsync(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next, string scope, bool first, Replay replay)
    {
        HttpContext context = invocation.HttpContext;
        RequestHash hash = HashOf(context);
        // In this order: one that was in hand before the look and is not any more has committed, and is found.
        if (await answers.FindAsync(scope, context.RequestAborted) is { } kept)
        {
            return await AnswerAsync(context, kept, hash, replay);
        }

        if (!first)
        {
            return Problem.RetryLater(ProblemTypes.IdempotencyInProgress, ComeBack);
        }

        context.Features.Set(new IdempotencyTicket(answers, scope, hash, time));
        try
        {
            return await next(invocation);
        }
        catch (KeyTakenException) when (!context.Response.HasStarted)
        {
            // Another process was faster.
            return await answers.FindAsync(scope, context.RequestAborted) is { } taken
                ? await AnswerAsync(context, taken, hash, replay)
                : Problem.RetryLater(ProblemTypes.IdempotencyInProgress, ComeBack);
        }
    }

    private static async Task<object?> AnswerAsync(HttpContext context, KeptAnswer kept, RequestHash hash, Replay replay)
    {
        byte[] asked = await hash.FinishAsync(context.RequestAborted);
        if (!CryptographicOperations.FixedTimeEquals(asked, kept.RequestHash))
        {
            return Problem.Of(ProblemTypes.IdempotencyKeyReused);
        }

        context.Response.Headers["Idempotency-Replayed"] = "true";
        return await replay(context, kept);
    }

    private static Task<IResult> ReplayAsync(HttpContext context, KeptAnswer kept) => Task.FromResult<IResult>(new ReplayedAnswer(kept));

    // One header line a part: none of them can hold a line break.
    private static string ScopeOf(HttpContext context, string key)
    {
        string? route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        return $"{context.User.Identity?.Name}\n{context.Request.Method} {route}\n{key}";
    }

    private static RequestHash HashOf(HttpContext context)
    {
        HttpRequest request = context.Request;
        RequestHash hash = new($"{request.Path}\n{request.QueryString}\n{request.ContentType}", request.BodyReader);
        request.Body = hash.AsStream(leaveOpen: true);
        context.Features.Set<IRequestBodyPipeFeature>(new HashedBody(hash));
        return hash;
    }

    private sealed class HashedBody(RequestHash hash) : IRequestBodyPipeFeature
    {
        public System.IO.Pipelines.PipeReader Reader => hash;
    }
}

/// <summary>Answers a request again.</summary>
internal delegate Task<IResult> Replay(HttpContext context, KeptAnswer kept);
