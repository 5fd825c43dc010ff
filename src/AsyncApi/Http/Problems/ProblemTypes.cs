using System.Collections.Frozen;

namespace AsyncApi.Http.Problems;

/// <summary>The closed list of problems. What is not here is never a <c>type</c>.</summary>
internal static class ProblemTypes
{
    public static readonly ProblemType Validation = new("validation", 400, "The request has invalid values",
        "The request could be read, but one or more of its values are not acceptable. "
        + "`errors` names each of them by its path, all in one answer (the first 100).",
        "Correct every value that `errors` names and send the request again.");

    public static readonly ProblemType MalformedBody = new("malformed-body", 400, "The request could not be read",
        "The body is not what its content type says: not JSON, not UTF-8, empty, nested too deeply, cut short, or with a member that stands twice.",
        "Send one well-formed document; `detail` says where reading stopped.");

    public static readonly ProblemType Unauthorized = new("unauthorized", 401, "An API key is required",
        "The request carried no API key, or one that is malformed, unknown, revoked or expired. The answer is the same for all of them.",
        "Send a valid key as `Authorization: Bearer <key>` or `X-Api-Key: <key>`.");

    public static readonly ProblemType Forbidden = new("forbidden", 403, "This is not allowed here",
        "The key is valid but lacks the scope, or the target is not one that the operator allows.",
        "Use a key with the scope, or ask the operator.");

    public static readonly ProblemType NotFound = new("not-found", 404, "There is nothing here",
        "No such path or resource, an id that is not well-formed, or a resource that belongs to another key.",
        "Check the path and the id.");

    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "The method is not allowed here",
        "The path exists, but not for this method.",
        "Use one of the methods in the `Allow` header.");

    public static readonly ProblemType NotAcceptable = new("not-acceptable", 406, "No acceptable representation",
        "None of the media types in `Accept` can be produced here.",
        "Ask for one of the media types that `detail` lists, or leave `Accept` out.");

    public static readonly ProblemType RequestTimeout = new("request-timeout", 408, "The request took too long to arrive",
        "The body came in too slowly, or stopped coming.",
        "Send the request again over a better connection, or in smaller parts.");

    public static readonly ProblemType Conflict = new("conflict", 409, "The state of the resource does not allow this",
        "The request is valid, but not for the resource as it is now.",
        "Read the resource, then decide again.");

    public static readonly ProblemType IdempotencyInProgress = new("idempotency-in-progress", 409, "The first request with this key is still in hand",
        "Another request with the same `Idempotency-Key` has not been answered yet.",
        "Wait for `Retry-After` and send the same request again.");

    public static readonly ProblemType Gone = new("gone", 410, "The resource has been deleted",
        "The resource existed and was removed, by its owner or by retention.",
        "Forget the id.");

    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "The resource has changed",
        "`If-Match` names a version that is no longer the present one.",
        "Read the resource again, apply the change to it, and send the new `ETag`.");

    public static readonly ProblemType PayloadTooLarge = new("payload-too-large", 413, "The body is too large",
        "The body is larger than this endpoint takes.",
        "Send less at once.");

    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "The body's media type is not supported",
        "The `Content-Type` is missing or not one that this endpoint reads, its charset is not UTF-8, or the body has a `Content-Encoding`.",
        "Send an uncompressed body in UTF-8 with one of the content types that `detail` lists.");

    public static readonly ProblemType RangeNotSatisfiable = new("range-not-satisfiable", 416, "The range lies outside the resource",
        "No byte of the requested range exists.",
        "Use the size in `Content-Range`.");

    public static readonly ProblemType IdempotencyKeyReused = new("idempotency-key-reused", 422, "The idempotency key belongs to another request",
        "The same `Idempotency-Key` was used before with a different body.",
        "Use a new key for a new request.");

    public static readonly ProblemType RateLimited = new("rate-limited", 429, "Too many requests",
        "The rate limit of the key is used up.",
        "Wait for `Retry-After`.");

    public static readonly ProblemType Internal = new("internal", 500, "The service failed",
        "A fault of the service, not of the request. The log has the details under the `requestId`.",
        "Send the request again later; if it fails again, report the `requestId`.");

    public static readonly ProblemType UpstreamFailed = new("upstream-failed", 502, "The upstream request failed",
        "The service had to call another server for this answer, and that call failed.",
        "Try again later.");

    public static readonly ProblemType QueueFull = new("queue-full", 503, "The queue is full",
        "The service has as many unfinished jobs as it may hold. Nothing was accepted.",
        "Wait for `Retry-After` and send the request again.");

    public static readonly ProblemType ShuttingDown = new("shutting-down", 503, "The service is shutting down",
        "The service takes no new work, since it is about to stop.",
        "Wait for `Retry-After` and send the request again.");

    public static readonly ProblemType Unavailable = new("unavailable", 503, "The service is not available right now",
        "Something that the service needs, such as its database, can't be reached.",
        "Wait for `Retry-After` and send the request again.");

    public static readonly ProblemType InsufficientStorage = new("insufficient-storage", 507, "There is no room left",
        "The disk is full, or the quota is used up. Nothing was stored.",
        "Delete what is no longer needed, or ask the operator.");

    /// <summary>All of them, by status.</summary>
    public static IReadOnlyList<ProblemType> All { get; } =
    [
        Validation, MalformedBody, Unauthorized, Forbidden, NotFound, MethodNotAllowed, NotAcceptable, RequestTimeout, Conflict,
        IdempotencyInProgress, Gone, PreconditionFailed, PayloadTooLarge, UnsupportedMediaType, RangeNotSatisfiable,
        IdempotencyKeyReused, RateLimited, Internal, UpstreamFailed, QueueFull, ShuttingDown, Unavailable, InsufficientStorage,
    ];

    private static readonly FrozenDictionary<string, ProblemType> Slugs = All.ToFrozenDictionary(type => type.Slug, StringComparer.Ordinal);

    /// <summary>The type behind a slug, or null.</summary>
    public static ProblemType? Find(string slug) => Slugs.GetValueOrDefault(slug);

    /// <summary>What a bare status means when the framework, not our code, set it; null when the catalogue has no word for it.</summary>
    public static ProblemType? ForStatus(int status) => status switch
    {
        // A 400 of the framework is a body or a parameter that it could not read; 409, 422 and 503 are ambiguous only in our own code.
        400 => MalformedBody,
        409 => Conflict,
        422 => null,
        503 => Unavailable,
        _ => All.FirstOrDefault(type => type.Status == status),
    };
}
