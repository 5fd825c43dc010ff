using System.CodeDom.Compiler;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace AsyncApi.Tests.Architecture;

/// <summary>What every type of the service keeps to.</summary>
public sealed class TypeRules
{
    private static readonly IReadOnlyList<Type> Types = [.. typeof(Program).Assembly.GetTypes().Where(IsWritten)];

    [Fact]
    public void Program_alone_is_public()
        => Rule.Holds(
            "The service is a program, not a library: what nobody outside can use may change freely.",
            Types,
            type => type.IsVisible && type != typeof(Program) ? [$"{type} is public"] : []);

    [Fact]
    public void Classes_are_sealed_static_or_abstract()
        => Rule.Holds(
            "A class that was not made to be inherited from must not be.",
            Types.Where(type => type.IsClass),
            type => type.IsSealed || type.IsAbstract ? [] : [$"{type} is open"]);

    [Fact]
    public void Options_have_a_validator()
        => Rule.Holds(
            "A wrong setting stops the start and names itself, instead of coming up at three in the morning.",
            Types.Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal)),
            options => Types.Any(type => type.IsAssignableTo(typeof(IValidateOptions<>).MakeGenericType(options))) ? [] : [$"{options} has no validator"]);

    private static bool IsWritten(Type type)
    {
        // By name, too: what the compiler makes for itself is not always marked.
        bool isMade = type.Name.Contains('<', StringComparison.Ordinal)
            || type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
            || type.IsDefined(typeof(GeneratedCodeAttribute), inherit: false);
        return !isMade && (type.DeclaringType is { } outer ? IsWritten(outer) : CodeAssembly.IsWritten(type.Namespace ?? string.Empty, type.Name));
    }
}
