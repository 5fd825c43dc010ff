using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using AsyncApi.Http.Input;

namespace AsyncApi.Files;

/// <summary>The place of a file below <c>/files/</c>: names with slashes between. It finds a row, and is never a path of the disk.</summary>
internal sealed record FilePath
{
    public const int MaxBytes = 1_024;

    private const string Root = "/files/";

    private FilePath(string folder, string name) => (Folder, Name) = (folder, name);

    /// <summary>Empty, or folders that each end in a slash.</summary>
    public string Folder { get; }

    public string Name { get; }

    public string Value => Folder + Name;

    /// <summary>The folder that would have this path.</summary>
    public string AsFolder => Value + "/";

    /// <summary>Where it is served.</summary>
    public string Url => UrlOf(Value);

    /// <summary>A path whose rules <see cref="TryParse"/> has held once.</summary>
    public static FilePath Of(string folder, string name) => new(folder, name);

    public static string UrlOf(string path) => Root + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>Reads a path that was decoded once; it is not decoded again.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FilePath? path, [NotNullWhen(false)] out string? fault)
    {
        path = null;
        fault = text.Split('/').Select(FileNames.FaultOf).FirstOrDefault(found => found is not null);
        if (fault is null && Encoding.UTF8.GetByteCount(text) is var length and > MaxBytes)
            fault = string.Create(CultureInfo.InvariantCulture, $"may have {MaxBytes} bytes, has {length}");
        if (fault is not null)
            return false;
        int slash = text.LastIndexOf('/');
        path = new FilePath(text[..(slash + 1)], text[(slash + 1)..]);
        return true;
    }

    /// <summary>Reads a path as it stands in a URL of this service, <c>/files/…</c>.</summary>
    public static bool TryParseUrl(string url, [NotNullWhen(true)] out FilePath? path, [NotNullWhen(false)] out string? fault)
    {
        path = null;
        fault = !url.StartsWith(Root, StringComparison.Ordinal)
            ? $"must be the path of an uploaded file, such as {Root}list.txt, was {Quoted.Of(url)}"
            : url.Split('/').Select(FileNames.EncodingFaultOf).FirstOrDefault(found => found is not null);
        return fault is null && TryParse(Uri.UnescapeDataString(url[Root.Length..]), out path, out fault);
    }

    /// <summary>The folders that it lies in, from the root down, as files would be called in their place.</summary>
    public IEnumerable<FilePath> Parents()
    {
        for (int slash = Folder.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = Folder.IndexOf('/', slash + 1))
        {
            int start = slash == 0 ? 0 : Folder.LastIndexOf('/', slash - 1) + 1;
            yield return new FilePath(Folder[..start], Folder[start..slash]);
        }
    }

    public override string ToString() => Value;
}
