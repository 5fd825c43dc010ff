using System.Runtime.InteropServices;
using System.Text;

namespace SQLitePCL;

/// <summary>
/// A zero-terminated UTF-8 string, often in SQLite's own memory: it is valid only until the next call on the object it came
/// from, which is why it cannot leave the stack.
/// </summary>
public readonly ref struct utf8z
{
    // With its terminator, so that an empty string differs from none.
    private readonly ReadOnlySpan<byte> _terminated;

    private utf8z(ReadOnlySpan<byte> terminated) => _terminated = terminated;

    /// <summary>A copy of the text; null stays null.</summary>
    public static utf8z FromString(string? text)
    {
        if (text is null)
        {
            return default;
        }

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return new utf8z(bytes);
    }

    /// <summary>The text; null where SQLite gave none.</summary>
    public string? utf8_to_string() => _terminated.IsEmpty ? null : Encoding.UTF8.GetString(_terminated[..^1]);

    /// <summary>For <c>fixed</c>: a null pointer where there is no text.</summary>
    public ref readonly byte GetPinnableReference() => ref _terminated.GetPinnableReference();

    internal static unsafe utf8z At(nint text) =>
        text == 0 ? default : At(text, MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)text).Length);

    internal static unsafe utf8z At(nint text, int length) =>
        text == 0 ? default : new utf8z(new ReadOnlySpan<byte>((byte*)text, length + 1));
}
