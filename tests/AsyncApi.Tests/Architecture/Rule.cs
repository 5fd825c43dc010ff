namespace AsyncApi.Tests.Architecture;

/// <summary>How a rule is held.</summary>
internal static class Rule
{
    /// <summary>Fails with all violations and the reason for the rule, and also when the rule speaks of nothing.</summary>
    /// <param name="subjects">What the rule is about.</param>
    /// <param name="violations">What is wrong with one of them.</param>
    public static void Holds<T>(string reason, IEnumerable<T> subjects, Func<T, IEnumerable<string>> violations)
    {
        List<T> all = [.. subjects];
        all.ShouldNotBeEmpty($"This rule is about nothing, so it holds nothing: {reason}");
        all.SelectMany(violations).Distinct().Order(StringComparer.Ordinal).ShouldBeEmpty(reason);
    }

    /// <summary>Each type that a type mentions though it must not, as a sentence.</summary>
    public static IEnumerable<string> Mentions(CodeType type, Func<CodeReference, bool> forbidden)
        => type.References.Where(forbidden).Select(reference => $"{type.FullName} mentions {reference.FullName}");
}
