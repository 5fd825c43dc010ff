using System.Text.RegularExpressions;
using AsyncApi.TestSupport;

namespace AsyncApi.Patterns.Tests;

public sealed partial class PatternDocsTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs");

    private static readonly IReadOnlyDictionary<string, string> Rows = File.ReadLines(Path.Combine(Folder, "patterns.md"))
        .Select(line => Row().Match(line)).Where(row => row.Success)
        .ToDictionary(row => row.Groups["name"].Value, row => Path.GetFullPath(Path.Combine(Folder, row.Groups["link"].Value)), StringComparer.Ordinal);

    [Fact]
    public void Table_has_each_name_of_the_contract_once() => Rows.Keys.ShouldBe(PatternCatalogTests.ContractNames(), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(PatternCatalogTests.Names), MemberType = typeof(PatternCatalogTests))]
    public void Table_links_to_the_file_of_the_pattern(string name)
        => Rows[name].ShouldBe(PatternCatalogTests.FileOf(PatternCatalog.Find(name).ShouldNotBeNull()));

    [GeneratedRegex(@"^\| \[(?<name>[a-z-]+)\]\((?<link>[^)]+)\) \|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
