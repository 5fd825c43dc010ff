using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace AsyncApi.Patterns;

/// <summary>One value of a parameter record, checked against the attributes of its property.</summary>
internal static class ParameterValue
{
    /// <summary>The value, or null when a fault was added.</summary>
    public static object? Read(PropertyInfo property, string path, JsonElement json, JsonSerializerOptions options, List<PatternFault> faults)
    {
        if (Parse(json, property.PropertyType, options) is not { } value)
        {
            faults.Add(new PatternFault(path, $"must be {Describe(property.PropertyType)}"));
            return null;
        }

        int before = faults.Count;
        faults.AddRange(Check(property, path, value));
        return faults.Count == before ? value : null;
    }

    private static object? Parse(JsonElement json, Type type, JsonSerializerOptions options)
    {
        try
        {
            object? value = json.Deserialize(type, options);

            // The serializer takes an enum in any case, and several at once; the contract has one spelling.
            return type.IsEnum && NameOf($"{value}") != json.GetString() ? null : value;
        }
        catch (JsonException)
        {
            // The serializer's words name types of ours; the caller describes what it wants instead.
            return null;
        }
    }

    private static string NameOf(string member) => JsonNamingPolicy.CamelCase.ConvertName(member);

    private static IEnumerable<PatternFault> Check(PropertyInfo property, string path, object value)
    {
        if (property.GetCustomAttribute<RangeAttribute>() is { } range && !IsBetween(value, Number(range.Minimum), Number(range.Maximum)))
            yield return new PatternFault(path, Between(range.Minimum, range.Maximum));
        if (property.GetCustomAttribute<LengthAttribute>() is { } length && !length.IsValid(value))
            yield return new PatternFault(path, $"must have {length.MinimumLength} to {length.MaximumLength} {(value is string ? "characters" : "elements")}");
        if (property.GetCustomAttribute<ElementRangeAttribute>() is { } each)
        {
            int index = 0;
            foreach (object? element in (IEnumerable)value)
            {
                if (!IsBetween(element, each.Minimum, each.Maximum))
                    yield return new PatternFault(string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), Between(each.Minimum, each.Maximum));
                index++;
            }
        }
    }

    private static bool IsBetween(object? value, double minimum, double maximum) => Number(value) >= minimum && Number(value) <= maximum;

    private static double Number(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static string Between(object minimum, object maximum) => string.Create(CultureInfo.InvariantCulture, $"must be between {minimum} and {maximum}");

    private static string Describe(Type type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type).Select(NameOf))}",
        _ when type == typeof(string) => "a text",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ => $"a list, each element of which must be {Describe(type.GetGenericArguments()[0])}",
    };
}
