using System.Buffers.Text;
using System.Text;

namespace AsyncApi.Files;

/// <summary>A place in a folder, opaque to clients: the last name of a page, so that it stays valid while files come and go.</summary>
internal static class FolderCursor
{
    private const byte Version = 1;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Of a folder's name with its slash, and the version.</summary>
    public static int MaxLength { get; } = Base64Url.GetEncodedLength(FileNames.MaxBytes + 2);

    public static string Write(string name) => Base64Url.EncodeToString([Version, .. Encoding.UTF8.GetBytes(name)]);

    public static bool TryRead(string text, out string name)
    {
        name = "";
        if (!Base64Url.IsValid(text))
            return false;
        byte[] bytes = Base64Url.DecodeFromChars(text);
        if (bytes is not [Version, _, ..])
            return false;
        try
        {
            name = Strict.GetString(bytes.AsSpan(1));
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        return !name.Contains('\0', StringComparison.Ordinal) && Write(name) == text;
    }
}
