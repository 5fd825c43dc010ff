using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace AsyncApi.Http;

/// <summary>The <c>Content-Type</c> under which a body that came from outside is handed out.</summary>
internal static class BodyContentType
{
    public const string Unknown = "application/octet-stream";

    private const int MaxLength = 200;

    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The stored type with its charset, written anew, if both are plain tokens; else the type that says nothing.</summary>
    public static string Of(string? stored)
    {
        if (stored is null or { Length: > MaxLength } || !MediaTypeHeaderValue.TryParse(stored, out MediaTypeHeaderValue? type)
            || !IsToken(type.Type.AsSpan()) || !IsToken(type.SubType.AsSpan()) || type.MatchesAllTypes || type.MatchesAllSubTypes)
        {
            return Unknown;
        }

        ReadOnlySpan<char> charset = HeaderUtilities.RemoveQuotes(type.Charset).AsSpan();
        return IsToken(charset) ? $"{type.Type}/{type.SubType}; charset={charset}" : $"{type.Type}/{type.SubType}";
    }

    private static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(Token);
}
