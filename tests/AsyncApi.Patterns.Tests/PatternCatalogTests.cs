using System.Text.Json;
using System.Text.Json.Nodes;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests;

public sealed class PatternCatalogTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "src", "AsyncApi.Patterns");

    public static TheoryData<string> Names => [.. PatternCatalog.All.Select(pattern => pattern.Name)];

    [Fact]
    public void Names_come_in_the_order_of_the_contract()
        => ContractNames().Where(name => PatternCatalog.Find(name) is not null).ShouldBe(PatternCatalog.All.Select(pattern => pattern.Name));

    [Fact]
    public void Unknown_name_finds_nothing() => PatternCatalog.Find("Gather").ShouldBeNull("Names are exact.");

    [Theory]
    [MemberData(nameof(Names))]
    public void Source_is_the_file_in_the_repository(string name)
    {
        IPattern pattern = PatternCatalog.Find(name).ShouldNotBeNull();

        pattern.Source.ShouldBe(File.ReadAllText(FileOf(pattern)));
        pattern.Source.ShouldContain($"\"{name}\"");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Defaults_are_in_range(string name)
    {
        IPattern pattern = PatternCatalog.Find(name).ShouldNotBeNull();
        Dictionary<string, JsonElement> defaults = PatternParameters.Schema(pattern.Parameters)["properties"]!.AsObject()
            .ToDictionary(member => member.Key, member => JsonSerializer.SerializeToElement(member.Value!["default"]));

        PatternParameters.TryRead(pattern.Parameters, JsonSerializer.SerializeToElement(defaults), out object values, out IReadOnlyList<PatternFault> faults);

        faults.ShouldBeEmpty();
        JsonSerializer.Serialize(values, values.GetType()).ShouldBe(JsonSerializer.Serialize(Activator.CreateInstance(pattern.Parameters), pattern.Parameters));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_parameter_says_what_it_is_and_how_far_it_goes(string name)
    {
        JsonNode schemas = PatternParameters.Schema(PatternCatalog.Find(name).ShouldNotBeNull().Parameters);
        foreach ((string parameter, JsonNode? schema) in schemas["properties"]!.AsObject())
        {
            schema!["description"].ShouldNotBeNull(parameter);
            bool bounded = schema["type"]?.GetValue<string>() switch
            {
                "number" or "integer" => schema["minimum"] is not null && schema["maximum"] is not null,
                "string" => schema["maxLength"] is not null || schema["enum"] is not null,
                "array" => schema["maxItems"] is not null,
                _ => true,
            };
            bounded.ShouldBeTrue($"{parameter}: {schema}");
        }
    }

    [Fact]
    public void Library_needs_the_runtime_alone()
        => typeof(IPattern).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!).ShouldAllBe(name => IsOfTheRuntime(name));

    internal static string FileOf(IPattern pattern)
        => Directory.EnumerateFiles(Sources, $"{pattern.GetType().Name}.cs", SearchOption.AllDirectories).ShouldHaveSingleItem();

    internal static IEnumerable<string> ContractNames()
        => File.ReadLines(Path.Combine(Repository.Root, "docs", "contract.md"))
            .First(line => line.StartsWith("Names: `hello`", StringComparison.Ordinal))["Names: ".Length..]
            .TrimEnd('.').Split(", ").Select(name => name.Trim('`'));

    private static bool IsOfTheRuntime(string name)
        => name.StartsWith("System.", StringComparison.Ordinal) || name is "Microsoft.Win32.Primitives";
}
