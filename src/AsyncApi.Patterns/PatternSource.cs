using System.Reflection;

namespace AsyncApi.Patterns;

/// <summary>The source files of the patterns, which travel in the assembly.</summary>
internal static class PatternSource
{
    public static string Of(MemberInfo pattern)
    {
#pragma warning disable MA0045 // A resource lies in memory: there is nothing to wait for.
        using Stream source = pattern.Module.Assembly.GetManifestResourceStream($"{pattern.Name}.cs")
            ?? throw new InvalidOperationException($"{pattern.Name} is not in a file {pattern.Name}.cs of its own.");
        using StreamReader reader = new(source);
        return reader.ReadToEnd();
#pragma warning restore MA0045
    }
}
