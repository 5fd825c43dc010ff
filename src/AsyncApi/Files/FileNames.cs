using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AsyncApi.Files;

/// <summary>
/// Which names a file or a folder may have. Names are data and never a path of the disk, but clients make paths of them: what
/// means something else to some system than to us is refused.
/// </summary>
internal static partial class FileNames
{
    public const int MaxBytes = 255;

    /// <summary>What is wrong with one part of a path; null when it may be used.</summary>
    public static string? FaultOf(string name)
    {
        if (name.Length == 0)
            return "holds an empty name";
        if (name[0] == '.')
            return name is "." or ".." ? "must not lead elsewhere by . or .." : "must not hold a dot file";
        if (name.Contains('\0', StringComparison.Ordinal))
            return "must not hold NUL";
        if (name.Contains('\\', StringComparison.Ordinal))
            return "must not hold a backslash";
        if (name[^1] is '.' or ' ')
            return "must not hold a name that ends in a dot or a blank";
        if (EncodingFaultOf(name) is { } encoded)
            return encoded;
        if (Device().IsMatch(name))
            return "must not hold a name that is reserved for a device, a drive or a stream";
        if (!IsUnicode(name))
            return "must be well-formed Unicode";
        int length = Encoding.UTF8.GetByteCount(name);
        return length <= MaxBytes
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"must not hold a name of more than {MaxBytes} bytes, has one of {length}");
    }

    /// <summary>What is wrong with the escapes in one part of a path.</summary>
    public static string? EncodingFaultOf(string name) =>
        Encoded().IsMatch(name) ? "must not hold a dot, slash, backslash or NUL that is still encoded" : null;

    private static bool IsUnicode(string name)
    {
        ReadOnlySpan<char> rest = name;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int used) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[used..];
        }

        return true;
    }

    // Someone behind us may decode once more.
    [GeneratedRegex("%(?:2e|2f|5c|00)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Encoded();

    [GeneratedRegex(
        @"^(?:(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\x20*(?:[.:]|\z)|[a-z]:)|::",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Device();
}
