using Microsoft.OpenApi;

namespace AsyncApi.Http.Docs;

/// <summary>
/// Says in the OpenAPI document what a handler's signature can't, since bodies and parameters are read by hand.
/// An example is an object that is written as JSON, or a string that is shown as it is.
/// </summary>
internal static class EndpointDocsExtensions
{
    private const string Json = "application/json";

    public static RouteHandlerBuilder WithQuery<T>(
        this RouteHandlerBuilder builder, string name, string description, object? example = null, bool required = false) =>
        builder.WithMetadata(new DocumentedParameter(name, ParameterLocation.Query, description, typeof(T), required, example));

    /// <summary>What a part of the path stands for.</summary>
    public static RouteHandlerBuilder WithPath<T>(this RouteHandlerBuilder builder, string name, string description, object? example = null) =>
        builder.WithMetadata(new DocumentedParameter(name, ParameterLocation.Path, description, typeof(T), Required: true, example));

    public static RouteHandlerBuilder WithHeader(this RouteHandlerBuilder builder, string name, string description, string? example = null) =>
        builder.WithMetadata(new DocumentedParameter(name, ParameterLocation.Header, description, typeof(string), Required: false, example));

    /// <summary>Documents <c>limit</c> and <c>cursor</c>.</summary>
    public static RouteHandlerBuilder WithPaging(this RouteHandlerBuilder builder) => builder
        .WithQuery<int>("limit", "How many items at most: 1 to 1000, 50 by default.")
        .WithQuery<string>("cursor", "The `nextCursor` of the page before.");

    /// <summary>Documents <c>Prefer: wait=N</c>.</summary>
    public static RouteHandlerBuilder WithPreferWait(this RouteHandlerBuilder builder) =>
        builder.WithHeader("Prefer", "`wait=N`: hold the answer until the job is over, for up to N seconds (0 to 60).", "wait=10");

    /// <summary>Several calls document several media types; they all stand in the same body.</summary>
    public static RouteHandlerBuilder WithBody<T>(this RouteHandlerBuilder builder, string mediaType = Json, object? example = null, bool required = true) =>
        builder.WithMetadata(new DocumentedBody(mediaType, typeof(T), example, required));

    /// <summary>Several calls with one status document several media types.</summary>
    public static RouteHandlerBuilder WithAnswer<T>(
        this RouteHandlerBuilder builder, int status, string description, string mediaType = Json, object? example = null) =>
        builder.WithMetadata(new DocumentedAnswer(status, description, mediaType, typeof(T), example));

    /// <summary>An answer without a body.</summary>
    public static RouteHandlerBuilder WithAnswer(this RouteHandlerBuilder builder, int status, string description) =>
        builder.WithMetadata(new DocumentedAnswer(status, description, null, null, null));

    public static RouteHandlerBuilder WithAnswerHeader(this RouteHandlerBuilder builder, int status, string name, string description) =>
        builder.WithMetadata(new DocumentedAnswerHeader(status, name, description));
}
