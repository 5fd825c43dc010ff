using System.Globalization;
using System.Text.RegularExpressions;

namespace AsyncApi.Tests.Telemetry;

/// <summary>One series of a scrape.</summary>
internal sealed record Series(string Family, string Name, IReadOnlyList<(string Name, string Value)> Labels, double Value)
{
    /// <summary>As tests write it: <c>name{a="1",b="2"}</c>, labels in the order of their names; no braces without labels.</summary>
    public string Key => KeyOf(Labels);

    public string KeyWithout(string label) => KeyOf(Labels.Where(pair => pair.Name != label));

    private string KeyOf(IEnumerable<(string Name, string Value)> labels)
    {
        string list = string.Join(',', labels.OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => $"{pair.Name}=\"{pair.Value}\""));
        return list.Length == 0 ? Name : $"{Name}{{{list}}}";
    }
}

/// <summary>
/// Prometheus' text format 0.0.4, read without mercy: each line is understood, each series stands once and under the type of its family, and
/// the buckets of a histogram grow up to its count.
/// </summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _help = new(StringComparer.Ordinal);

    private string _last = "";

    private Exposition()
    {
    }

    public IReadOnlyCollection<Series> All => _series.Values;

    public IReadOnlyDictionary<string, string> Help => _help;

    /// <summary>Null for a series that is not there.</summary>
    public double? this[string key] => _series.GetValueOrDefault(key)?.Value;

    public static Exposition Parse(string text)
    {
        text.ShouldEndWith("\n");
        text.ShouldNotContain("\r");
        Exposition read = new();
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            read.Read(line);
        }

        read.CheckHistograms();
        return read;
    }

    private void Read(string line)
    {
        if (Comment().Match(line) is { Success: true } comment)
        {
            Dictionary<string, string> into = comment.Groups["what"].Value == "TYPE" ? _types : _help;
            _last = comment.Groups["name"].Value;
            into.TryAdd(_last, comment.Groups["text"].Value).ShouldBeTrue($"said twice: {line}");
            return;
        }

        Match match = Line().Match(line);
        match.Success.ShouldBeTrue($"not understood: {line}");
        string name = match.Groups["name"].Value;
        (string, string)[] labels = [.. match.Groups["label"].Captures.Zip(match.Groups["text"].Captures, (label, value) => (label.Value, value.Value))];
        labels.Select(label => label.Item1).ShouldBeUnique();
        Series series = new(FamilyOf(name), name, labels, NumberOf(match.Groups["value"].Value));
        _series.TryAdd(series.Key, series).ShouldBeTrue($"stands twice: {line}");
    }

    private string FamilyOf(string name)
    {
        (string family, string type) = (_last, _types[_last]);
        string[] allowed = type == "histogram" ? [family + "_bucket", family + "_sum", family + "_count"] : [family];
        allowed.ShouldContain(name, $"not of the family before it, a {type}");
        (type == "counter").ShouldBe(family.EndsWith("_total", StringComparison.Ordinal), family);
        _help.ShouldContainKey(family);
        return family;
    }

    private void CheckHistograms()
    {
        foreach (IGrouping<string, Series> buckets in All.Where(series => series.Name == series.Family + "_bucket").GroupBy(series => series.KeyWithout("le")))
        {
            buckets.Select(BoundOf).ShouldBeInOrder();
            buckets.Select(bucket => bucket.Value).ShouldBeInOrder();
            Series last = buckets.Last();
            BoundOf(last).ShouldBe(double.PositiveInfinity);
            string count = (last with { Name = last.Family + "_count" }).KeyWithout("le");
            this[count].ShouldBe(last.Value, count);
            this[count.Replace("_count", "_sum", StringComparison.Ordinal)].ShouldNotBeNull(count);
        }
    }

    private static double BoundOf(Series series) => NumberOf(series.Labels.Single(label => label.Name == "le").Value);

    private static double NumberOf(string text) =>
        text == "+Inf" ? double.PositiveInfinity : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex("^# (?<what>TYPE|HELP) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<text>([^"\\]|\\[\\"n])*)"(,(?!\})|(?=\})))*\})? (?<value>\+Inf|-?[0-9.]+([eE][+-]?[0-9]+)?)$""",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
