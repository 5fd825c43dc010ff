using Microsoft.OpenApi;

namespace AsyncApi.Http.Docs;

/// <summary>A query parameter or header that a handler reads by hand.</summary>
internal sealed record DocumentedParameter(string Name, ParameterLocation In, string Description, Type Type, bool Required, object? Example);

/// <summary>A body that a handler reads by hand, in one media type.</summary>
internal sealed record DocumentedBody(string MediaType, Type Type, object? Example, bool Required);

/// <summary>An answer in one media type, or without a body.</summary>
internal sealed record DocumentedAnswer(int Status, string Description, string? MediaType, Type? Type, object? Example);

/// <summary>A header on the answers of one status.</summary>
internal sealed record DocumentedAnswerHeader(int Status, string Name, string Description);
