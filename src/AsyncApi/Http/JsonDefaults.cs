using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace AsyncApi.Http;

/// <summary>How JSON looks in every answer: camelCase, enums as camelCase strings, times with milliseconds and <c>Z</c>.</summary>
internal static class JsonDefaults
{
    // Letters of all languages stay readable; what HTML could trip over is still escaped.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    public static JsonSerializerOptions Options { get; } = Frozen();

    /// <summary>For JSON that is written by hand.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = Encoder };

    /// <summary>Brings options that others made, such as those of the framework, to the same rules.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.Encoder = Encoder;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new TimestampConverter());
    }

    private static JsonSerializerOptions Frozen()
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web);
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
