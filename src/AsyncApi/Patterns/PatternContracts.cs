using System.Text.Json.Nodes;

namespace AsyncApi.Patterns;

/// <summary>A pattern in the gallery.</summary>
internal sealed record PatternView(string Name, string Title, string Summary, string Asyncio, string Dotnet, JsonNode Parameters)
{
    public static PatternView Of(IPattern pattern) => new(
        pattern.Name, pattern.Title, pattern.Summary, pattern.Asyncio, pattern.Dotnet, PatternParameters.Schema(pattern.Parameters));
}

/// <summary>A pattern with its source.</summary>
internal sealed record PatternPage(string Name, string Title, string Summary, string Asyncio, string Dotnet, JsonNode Parameters, string Source)
{
    public static PatternPage Of(IPattern pattern) => new(
        pattern.Name, pattern.Title, pattern.Summary, pattern.Asyncio, pattern.Dotnet, PatternParameters.Schema(pattern.Parameters), pattern.Source);
}

/// <summary>The body of a run; what is left out keeps its default.</summary>
internal sealed record PatternSubmission(JsonNode? Parameters);
