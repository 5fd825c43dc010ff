using System.Text.Json;
using System.Text.RegularExpressions;
using AsyncApi.Http.Input;

namespace AsyncApi.Patterns;

/// <summary>Reads the body of a run: <c>{ "parameters": { … } }</c>.</summary>
internal static partial class PatternInput
{
    private const string Member = "parameters";

    private static readonly JsonElement Defaults = JsonElement.Parse("{}");

    /// <summary>The pattern's parameters; null when faults were added.</summary>
    public static object? Read(IPattern pattern, JsonObjectReader body)
    {
        JsonElement json = body.Raw(Member) ?? Defaults;
        body.Complete();
        PatternParameters.TryRead(pattern.Parameters, json, out object values, out IReadOnlyList<PatternFault> found);
        foreach (PatternFault fault in found)
        {
            body.Faults.Add(PathOf(fault.Path), fault.Message);
        }

        return body.Faults.Any ? null : values;
    }

    // An unknown member's name is input, and may hold anything.
    private static string PathOf(string path) => path switch
    {
        "" => Member,
        _ when PlainPath().IsMatch(path) => $"{Member}.{path}",
        _ => MemberPath.Of(Member, path),
    };

    [GeneratedRegex(@"^[A-Za-z0-9]{1,100}(?:\[[0-9]+\])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainPath();
}
