using System.Diagnostics;
using System.Globalization;

namespace AsyncApi.Http;

/// <summary>RFC 3339 as the contract has it: written in UTC with exactly milliseconds, read with any offset and up to seven digits.</summary>
internal static class Timestamp
{
    public const int Length = 24;

    private const string WrittenAs = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private static readonly string[] ReadAs = ["yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(WrittenAs, CultureInfo.InvariantCulture);

    /// <summary>Fills <paramref name="utf8"/>, which has room for <see cref="Length"/> bytes.</summary>
    public static void Format(DateTimeOffset time, Span<byte> utf8)
    {
        bool fits = time.UtcDateTime.TryFormat(utf8, out int written, WrittenAs, CultureInfo.InvariantCulture);
        Debug.Assert(fits && written == Length, "the format has a fixed length");
    }

    public static bool TryParse(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(text, ReadAs, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
