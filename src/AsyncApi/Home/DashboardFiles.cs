using System.Collections.Frozen;
using System.Net.Mime;
using System.Reflection;
using System.Security.Cryptography;

namespace AsyncApi.Home;

/// <summary>The dashboard's files, as they were built into the program.</summary>
internal sealed class DashboardFiles
{
    private const string Prefix = "wwwroot/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = MediaTypeNames.Text.Html,
        [".js"] = MediaTypeNames.Text.JavaScript,
        [".css"] = MediaTypeNames.Text.Css,
        [".svg"] = MediaTypeNames.Image.Svg,
    };

    private readonly FrozenDictionary<string, DashboardFile> _files;

    public DashboardFiles()
    {
        Assembly program = typeof(DashboardFiles).Assembly;
        _files = program.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(static name => name[Prefix.Length..].Replace('\\', '/'), name => Read(program, name), StringComparer.Ordinal);
    }

    /// <summary>The page that loads all the others.</summary>
    public DashboardFile Page => _files["index.html"];

    public DashboardFile? Find(string path) => _files.GetValueOrDefault(path);

    private static DashboardFile Read(Assembly program, string name)
    {
#pragma warning disable MA0045 // A resource lies in memory: there is nothing to wait for.
        using Stream stream = program.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
#pragma warning restore MA0045
        return new DashboardFile(bytes, $"{Types[Path.GetExtension(name)]}; charset=utf-8", $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
    }
}

/// <param name="Bytes">What it holds.</param>
/// <param name="Type">Its content type.</param>
/// <param name="Tag">Its version.</param>
internal sealed record DashboardFile(byte[] Bytes, string Type, string Tag);
