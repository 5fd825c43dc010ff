using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AsyncApi.Http.Input;

/// <summary>Reads one JSON value of a known kind. Each method returns the fault in words, or null; none throws.</summary>
internal static class JsonValue
{
    // The largest whole number up to which a double is exact: 30.0 is an integer for JSON, and some clients write it so.
    private const double MaxExact = 9_007_199_254_740_992;

    public static string? String(JsonElement value, int minLength, int maxLength, int maxBytes, out string? text)
    {
        text = null;
        if (value.ValueKind != JsonValueKind.String)
            return $"must be a string, was {JsonKind.Of(value)}";
        string read = value.GetString()!;
        if (read.Contains('\0', StringComparison.Ordinal))
            return "must not hold NUL";
        if (read.Length < minLength)
            return string.Create(CultureInfo.InvariantCulture, $"must have at least {minLength} characters");
        if (read.Length > maxLength)
            return string.Create(CultureInfo.InvariantCulture, $"may have {maxLength} characters, has {read.Length}");
        if (read.Length > maxBytes / 3 && Encoding.UTF8.GetByteCount(read) > maxBytes)
            return string.Create(CultureInfo.InvariantCulture, $"may have {maxBytes} bytes of UTF-8");
        text = read;
        return null;
    }

    public static string? Int64(JsonElement value, long min, long max, out long number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number)
            return $"must be a whole number, was {JsonKind.Of(value)}";
        bool whole = value.TryGetInt64(out number);
        if (!whole && value.TryGetDouble(out double real) && real == Math.Truncate(real) && Math.Abs(real) <= MaxExact)
            (whole, number) = (true, (long)real);
        return whole && number >= min && number <= max ? null : $"{NumberText.Range("a whole number", min, max)}, was {Quoted.Of(value.GetRawText())}";
    }

    public static string? Double(JsonElement value, double min, double max, out double number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number)
            return $"must be a number, was {JsonKind.Of(value)}";
        // 1e400 is read as infinity.
        return value.TryGetDouble(out number) && double.IsFinite(number) && number >= min && number <= max
            ? null
            : $"{NumberText.Range("a number", min, max)}, was {Quoted.Of(value.GetRawText())}";
    }
}
