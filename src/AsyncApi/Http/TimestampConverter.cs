using System.Text.Json;
using System.Text.Json.Serialization;

namespace AsyncApi.Http;

internal sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Timestamp.TryParse(reader.GetString(), out DateTimeOffset value)
            ? value
            : throw new JsonException("must be an RFC 3339 time, such as 2026-11-20T08:15:30.123Z");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Timestamp.Length];
        Timestamp.Format(value, text);
        writer.WriteStringValue(text);
    }
}
