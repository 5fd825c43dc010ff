namespace AsyncApi.Tests.Architecture;

/// <summary>Who may know whom. The drawing is in <c>docs/architecture.md</c>.</summary>
public sealed class DependencyRules
{
    private static readonly CodeAssembly Service = CodeAssembly.Read("AsyncApi");

    private static readonly string[] EveryFeatureMaySee = ["Jobs", "Storage", "Http"];

    /// <summary>The exceptions to <see cref="EveryFeatureMaySee"/>; <c>Program</c> may see all.</summary>
    private static readonly Dictionary<string, string[]> MaySee = new(StringComparer.Ordinal)
    {
        ["Storage"] = [],
        ["Http"] = ["Storage"],
        ["Jobs"] = ["Storage", "Http"],
        ["Schedules"] = [.. EveryFeatureMaySee, "Fetches"],
        ["Home"] = [.. EveryFeatureMaySee, "Fetches"],
        // A file may be the input of a fetch: Files fills that seam (IRequestFiles), and Fetches knows nothing of files.
        ["Files"] = [.. EveryFeatureMaySee, "Fetches"],
    };

    /// <summary>Echo is a server on Kestrel's transport, and nothing besides.</summary>
    private static readonly string[] MaySeeTheWeb = ["Http", "ApiKeys", "Dashboard", "Echo", "Telemetry", "Program"];

    private static readonly string[] WebAndDatabase =
        ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Data", "SQLitePCLRaw", "Npgsql", "System.Data"];

    [Fact]
    public void Fetching_references_neither_web_nor_database()
        => Rule.Holds(
            "The engine is of use in any program, and small enough to audit, only while it needs neither ASP.NET Core nor a database.",
            [CodeAssembly.Read("AsyncApi.Fetching")],
            engine => engine.References.Where(reference => WebAndDatabase.Any(name => IsBelow(reference, name))));

    [Fact]
    public void Patterns_reference_nothing_but_the_runtime()
        => Rule.Holds(
            "A pattern is a page of a textbook: what it shows must not need the service around it.",
            [CodeAssembly.Read("AsyncApi.Patterns")],
            patterns => patterns.References.Where(reference => !IsBelow(reference, "System") && reference != "Microsoft.Win32.Primitives"));

    [Fact]
    public void Sqlite_binding_references_nothing_of_ours()
        => Rule.Holds(
            "The binding takes the place of a package: it may know nothing of what uses it.",
            [CodeAssembly.Read("SQLitePCLRaw.core")],
            binding => binding.References.Where(reference => IsBelow(reference, "AsyncApi")));

    [Fact]
    public void Entity_framework_is_seen_by_storage_stores_and_mappings_only()
    {
        Service.Types.ShouldContain(type => type.References.Any(IsEntityFramework), "Nothing uses EF Core: the rule is about nothing.");
        Rule.Holds(
            "Queries live in a feature's store and its mapping; anywhere else they would spread over endpoints and workers.",
            Service.Types.Where(type => type.Feature != "Storage" && !EndsWith(type, "Store") && !EndsWith(type, "Configuration")),
            type => Rule.Mentions(type, IsEntityFramework));
    }

    [Fact]
    public void Web_is_seen_by_endpoints_and_the_web_folders_only()
    {
        Service.Types.ShouldContain(type => type.References.Any(IsWeb), "Nothing uses ASP.NET Core: the rule is about nothing.");
        Rule.Holds(
            "A feature's work does not depend on how it was asked for, so that workers, tests and other transports can do it too.",
            Service.Types.Where(type => !MaySeeTheWeb.Contains(type.Feature) && !EndsWith(type, "Endpoints")),
            type => Rule.Mentions(type, IsWeb));
    }

    [Theory]
    [InlineData("Storage")]
    [InlineData("Http")]
    [InlineData("Jobs")]
    [InlineData("Fetches")]
    [InlineData("Echo")]
    [InlineData("Files")]
    [InlineData("Hosts")]
    [InlineData("Home")]
    [InlineData("Patterns")]
    [InlineData("Demo")]
    [InlineData("Items")]
    [InlineData("StaticFiles")]
    [InlineData("Users")]
    [InlineData("LoadTests")]
    [InlineData("Schedules")]
    [InlineData("Callbacks")]
    [InlineData("Telemetry")]
    public void Arrows_point_the_way_they_are_drawn(string feature)
        => Rule.Holds(
            $"{feature} may see {string.Join(", ", Allowed(feature).DefaultIfEmpty("no other folder"))} and no more: folders that see one another cannot be changed alone.",
            Service.Types.Where(type => type.Feature == feature),
            type => Rule.Mentions(type, reference => reference.IsOwn && !Allowed(feature).Append(feature).Contains(CodeType.FeatureOf(reference.Namespace))));

    [Fact]
    public void Arrows_are_held_for_every_folder()
    {
        IEnumerable<string> held = typeof(DependencyRules).GetMethod(nameof(Arrows_point_the_way_they_are_drawn))!
            .GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Select(data => (string)((InlineDataAttribute)data).Data[0]!);

        Service.Types.Select(type => type.Feature).Distinct().Except(held).ShouldBe(["Program"], "A new folder is a new line above the arrow rule.");
    }

    [Fact]
    public void Program_alone_has_no_folder()
        => Rule.Holds(
            "Every type belongs to a feature; Program is the table of contents.",
            Service.Types.Where(type => type.Feature == "Program"),
            type => type.FullName is "Program" ? [] : [type.FullName]);

    [Fact]
    public void Rule_about_nothing_fails()
        => Should.Throw<ShouldAssertException>(() => Rule.Holds("why", Service.Types.Where(type => type.Feature == "Nowhere"), _ => []));

    private static string[] Allowed(string feature) => MaySee.GetValueOrDefault(feature, EveryFeatureMaySee);

    private static bool IsEntityFramework(CodeReference reference) => IsBelow(reference.Namespace, "Microsoft.EntityFrameworkCore");

    private static bool IsWeb(CodeReference reference) => IsBelow(reference.Namespace, "Microsoft.AspNetCore");

    private static bool EndsWith(CodeType type, string ending) => type.Name.EndsWith(ending, StringComparison.Ordinal);

    private static bool IsBelow(string name, string root) => (name + ".").StartsWith(root + ".", StringComparison.Ordinal);
}
