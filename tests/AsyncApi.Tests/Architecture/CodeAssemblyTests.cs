using System.ComponentModel;
using System.Globalization;
using System.Text;

namespace AsyncApi.Tests.Architecture;

/// <summary>The rules are worth what their reader sees.</summary>
public sealed class CodeAssemblyTests
{
    private static readonly CodeType Read = CodeAssembly.Read("AsyncApi.Tests").Types.Single(type => type.Name == nameof(Sample));

    [Theory]
    [InlineData("System.EventArgs", "its base")]
    [InlineData("System.IDisposable", "an interface")]
    [InlineData("System.ComponentModel.DescriptionAttribute", "an attribute of the type")]
    [InlineData("System.ComponentModel.DefaultValueAttribute", "an attribute of a property")]
    [InlineData("System.Version", "a type argument of a field")]
    [InlineData("System.IFormattable", "a constraint")]
    [InlineData("System.Globalization.CultureInfo", "a parameter")]
    [InlineData("System.Text.StringBuilder", "a constructor called in an async method")]
    [InlineData("System.IO.Path", "a static method called in a lambda")]
    [InlineData("System.Random", "a type argument of a method call, behind a switch of many branches")]
    [InlineData("System.FormatException", "what is caught")]
    [InlineData("System.Uri", "what is tested for")]
    [InlineData("AsyncApi.Tests.Architecture.CodeReference", "one of its own assembly")]
    public void Reader_finds(string type, string mentionedAs) => Read.References.ShouldContain(reference => reference.FullName == type, mentionedAs);

    [Fact]
    public void Reader_tells_own_types_from_others_and_finds_nothing_that_is_not_there()
    {
        Read.References.Where(reference => reference.IsOwn).Select(reference => reference.Name).Distinct().ShouldBe(["Sample", "CodeReference"], ignoreOrder: true);
        Read.References.ShouldNotContain(reference => reference.Name == nameof(Encoder));
    }
}

[Description("mentions a type in each way there is")]
internal sealed class Sample : EventArgs, IDisposable
{
    private readonly List<Version[]> _versions = [];

    [DefaultValue(0)]
    public int Count => _versions.Count;

    public static string Format<T>(T value, CultureInfo culture) where T : IFormattable => value.ToString(null, culture);

    public static async Task<string> BuildAsync(object value)
    {
        await Task.Yield();
        Func<string> lambda = () => Path.GetTempPath();
        return value is Uri ? lambda() : new StringBuilder().ToString();
    }

    public static object? Choose(int number)
    {
        try
        {
            return number switch
            {
                0 => "a",
                1 => "b",
                2 => "c",
                3 => "d",
                4 => typeof(CodeReference),
                _ => Activator.CreateInstance<Random>(),
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public void Dispose()
    {
    }
}
