using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AsyncApi.Http.Paging;

/// <summary>What a cursor points behind.</summary>
internal enum CursorKind : byte
{
    Number = 1,
    NumberPair = 2,
    Id = 3,
}

/// <summary>
/// A place in a list, opaque to clients: the key of the last row of a page, so that it stays valid while rows come and go.
/// Carries a version, so that an older client's cursor is refused rather than misread.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Cursor
{
    private const byte Version = 1;
    private const int HeaderLength = 2;

    private readonly UInt128 _payload;

    private Cursor(CursorKind kind, UInt128 payload) => (Kind, _payload) = (kind, payload);

    public CursorKind Kind { get; }

    /// <summary>The number, or the first of the pair.</summary>
    public long First => (long)(ulong)(_payload >> 64);

    /// <summary>The second of the pair.</summary>
    public long Second => (long)(ulong)_payload;

    /// <summary>The id.</summary>
    public Guid Id
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, _payload);
            return new Guid(bytes, bigEndian: true);
        }
    }

    public static Cursor Of(long number) => new(CursorKind.Number, (UInt128)(ulong)number << 64);

    public static Cursor Of(long first, long second) => new(CursorKind.NumberPair, ((UInt128)(ulong)first << 64) | (ulong)second);

    public static Cursor Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        bool written = id.TryWriteBytes(bytes, bigEndian: true, out _);
        Debug.Assert(written, "an id has 16 bytes");
        return new Cursor(CursorKind.Id, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>The opaque form, safe in a URL.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[HeaderLength + 16];
        bytes[0] = Version;
        bytes[1] = (byte)Kind;
        BinaryPrimitives.WriteUInt128BigEndian(bytes[HeaderLength..], _payload);
        return Base64Url.EncodeToString(bytes[..(HeaderLength + PayloadLength(Kind))]);
    }

    public static bool TryParse(string text, CursorKind kind, out Cursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[HeaderLength + 16];
        bytes.Clear();
        // The length is checked first: the decoder would throw for what does not fit.
        if (text.Length > Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out int length)
            || length != HeaderLength + PayloadLength(kind) || bytes[0] != Version || bytes[1] != (byte)kind)
        {
            return false;
        }
        cursor = new Cursor(kind, BinaryPrimitives.ReadUInt128BigEndian(bytes[HeaderLength..]));
        // One place, one spelling: the decoder would let padding and stray bits pass.
        return cursor.ToString() == text;
    }

    private static int PayloadLength(CursorKind kind) => kind == CursorKind.Number ? sizeof(long) : 2 * sizeof(long);
}
