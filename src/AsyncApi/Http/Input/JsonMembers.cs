using System.Globalization;
using System.Text.Json;

namespace AsyncApi.Http.Input;

/// <summary>The getters of <see cref="JsonObjectReader"/>, one for each kind of member that the contract has.</summary>
internal static class JsonMembers
{
    /// <param name="maxLength">In UTF-16 code units.</param>
    /// <param name="maxBytes">In bytes of UTF-8.</param>
    public static string? String(
        this JsonObjectReader reader, string name, int maxLength = int.MaxValue, int maxBytes = int.MaxValue, int minLength = 0, bool required = false)
    {
        if (!reader.TryFind(name, required, out JsonElement value))
            return null;
        Report(reader, name, JsonValue.String(value, minLength, maxLength, maxBytes, out string? text));
        return text;
    }

    public static int? Int32(this JsonObjectReader reader, string name, int min = int.MinValue, int max = int.MaxValue, bool required = false) =>
        (int?)reader.Int64(name, min, max, required);

    public static long? Int64(this JsonObjectReader reader, string name, long min = long.MinValue, long max = long.MaxValue, bool required = false) =>
        reader.TryFind(name, required, out JsonElement value) && Report(reader, name, JsonValue.Int64(value, min, max, out long number)) ? number : null;

    public static double? Double(
        this JsonObjectReader reader, string name, double min = double.MinValue, double max = double.MaxValue, bool required = false) =>
        reader.TryFind(name, required, out JsonElement value) && Report(reader, name, JsonValue.Double(value, min, max, out double number)) ? number : null;

    public static bool? Bool(this JsonObjectReader reader, string name, bool required = false)
    {
        if (!reader.TryFind(name, required, out JsonElement value))
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        reader.Fault(name, $"must be a boolean, was {JsonKind.Of(value)}");
        return null;
    }

    public static TEnum? Enum<TEnum>(this JsonObjectReader reader, string name, bool required = false) where TEnum : struct, Enum
    {
        if (Text(reader, name, required) is not { } text)
            return null;
        if (EnumNames<TEnum>.TryParse(text, out TEnum value))
            return value;
        reader.Fault(name, $"must be one of {EnumNames<TEnum>.List}, was {Quoted.Of(text)}");
        return null;
    }

    public static Guid? Guid(this JsonObjectReader reader, string name, bool required = false)
    {
        if (Text(reader, name, required) is not { } text)
            return null;
        if (System.Guid.TryParseExact(text, "D", out Guid id))
            return id;
        reader.Fault(name, $"must be a UUID, was {Quoted.Of(text)}");
        return null;
    }

    public static DateTimeOffset? Timestamp(this JsonObjectReader reader, string name, bool required = false)
    {
        if (Text(reader, name, required) is not { } text)
            return null;
        if (Http.Timestamp.TryParse(text, out DateTimeOffset time))
            return time;
        reader.Fault(name, $"must be an RFC 3339 time, such as 2026-11-20T08:15:30.123Z, was {Quoted.Of(text)}");
        return null;
    }

    /// <param name="maxBytes">Of what is encoded.</param>
    public static byte[]? Base64(this JsonObjectReader reader, string name, int maxBytes, bool required = false)
    {
        if (!reader.TryFind(name, JsonValueKind.String, "a string", required, out JsonElement value))
            return null;
        if (!value.TryGetBytesFromBase64(out byte[]? bytes))
            reader.Fault(name, "must be base64");
        else if (bytes.Length > maxBytes)
            reader.Fault(name, string.Create(CultureInfo.InvariantCulture, $"may have {maxBytes} bytes, has {bytes.Length}"));
        else
            return bytes;
        return null;
    }

    public static JsonObjectReader? Object(this JsonObjectReader reader, string name, bool required = false) =>
        reader.TryFind(name, JsonValueKind.Object, "an object", required, out JsonElement value)
            ? new JsonObjectReader(value, reader.Faults, reader.PathOf(name))
            : null;

    public static JsonArrayReader? Array(this JsonObjectReader reader, string name, int max, int min = 0, bool required = false)
    {
        if (!reader.TryFind(name, JsonValueKind.Array, "an array", required, out JsonElement value))
            return null;
        int count = value.GetArrayLength();
        if (count >= min && count <= max)
            return new JsonArrayReader(value, reader.Faults, reader.PathOf(name));
        reader.Fault(name, string.Create(CultureInfo.InvariantCulture, $"must have {min} to {max} elements, has {count}"));
        return null;
    }

    /// <summary>An object whose member names are free and whose values are strings, such as headers. Null when any part of it is faulty.</summary>
    public static IReadOnlyDictionary<string, string>? StringMap(
        this JsonObjectReader reader, string name, int maxCount, int maxLength = int.MaxValue, bool required = false)
    {
        if (!reader.TryFind(name, JsonValueKind.Object, "an object", required, out JsonElement value))
            return null;
        if (value.GetPropertyCount() > maxCount)
        {
            reader.Fault(name, string.Create(CultureInfo.InvariantCulture, $"may have {maxCount} members, has {value.GetPropertyCount()}"));
            return null;
        }
        int before = reader.Faults.Count;
        Dictionary<string, string> map = new(value.GetPropertyCount(), StringComparer.Ordinal);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            string? fault = member.Name.Contains('\0', StringComparison.Ordinal)
                ? "the name must not hold NUL"
                : JsonValue.String(member.Value, 0, maxLength, int.MaxValue, out string? text) ?? (map.TryAdd(member.Name, text!) ? null : "stands twice");
            if (fault is not null)
                reader.Faults.Add(MemberPath.Of(reader.PathOf(name), member.Name), fault);
        }
        return reader.Faults.Count == before ? map : null;
    }

    private static string? Text(JsonObjectReader reader, string name, bool required) =>
        reader.TryFind(name, JsonValueKind.String, "a string", required, out JsonElement value) ? value.GetString() : null;

    private static bool Report(JsonObjectReader reader, string name, string? fault)
    {
        if (fault is not null)
            reader.Fault(name, fault);
        return fault is null;
    }
}
