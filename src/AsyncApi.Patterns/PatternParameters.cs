using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AsyncApi.Patterns;

/// <summary>Describes parameter records as JSON Schema, and reads them strictly.</summary>
public static class PatternParameters
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly JsonSchemaExporterOptions SchemaOptions = new() { TreatNullObliviousAsNonNullable = true };

    /// <summary>The schema of a parameter record: types, ranges, defaults, descriptions.</summary>
    public static JsonNode Schema(Type parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        object defaults = Activator.CreateInstance(parameters)!;
        JsonObject members = [];
        foreach (PropertyInfo property in Properties(parameters))
            members[NameOf(property)] = SchemaOf(property, property.GetValue(defaults));
        return new JsonObject { ["type"] = "object", ["properties"] = members, ["additionalProperties"] = false };
    }

    /// <summary>Reads a JSON object; what it leaves out keeps its default. All that is wrong is listed, each fault under its path.</summary>
    /// <returns>Whether there are no faults.</returns>
    public static bool TryRead(Type parameters, JsonElement json, out object values, out IReadOnlyList<PatternFault> faults)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        List<PatternFault> found = [];
        faults = found;
        values = Activator.CreateInstance(parameters)!;
        if (json.ValueKind != JsonValueKind.Object)
        {
            found.Add(new PatternFault("", "must be an object"));
            return false;
        }

        Dictionary<string, PropertyInfo> properties = Properties(parameters).ToDictionary(NameOf, StringComparer.Ordinal);
        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (properties.GetValueOrDefault(member.Name) is not { } property)
                found.Add(new PatternFault(member.Name, $"is unknown; known are: {string.Join(", ", properties.Keys)}"));
            else if (ParameterValue.Read(property, member.Name, member.Value, Json, found) is { } value)
                property.SetValue(values, value);
        }

        return found.Count == 0;
    }

    private static PropertyInfo[] Properties(Type parameters)
        => [.. parameters.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static JsonObject SchemaOf(PropertyInfo property, object? defaultValue)
    {
        JsonObject schema = (JsonObject)Json.GetJsonSchemaAsNode(property.PropertyType, SchemaOptions);
        if (property.PropertyType.IsEnum)
            schema["type"] = "string";
        if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
            schema["description"] = description.Description;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
            (schema["minimum"], schema["maximum"]) = (JsonSerializer.SerializeToNode(range.Minimum, Json), JsonSerializer.SerializeToNode(range.Maximum, Json));
        if (property.GetCustomAttribute<LengthAttribute>() is { } length)
        {
            string what = property.PropertyType == typeof(string) ? "Length" : "Items";
            (schema[$"min{what}"], schema[$"max{what}"]) = (length.MinimumLength, length.MaximumLength);
        }

        if (property.GetCustomAttribute<ElementRangeAttribute>() is { } element && schema["items"] is JsonObject items)
            (items["minimum"], items["maximum"]) = (element.Minimum, element.Maximum);
        schema["default"] = JsonSerializer.SerializeToNode(defaultValue, property.PropertyType, Json);
        return schema;
    }
}
