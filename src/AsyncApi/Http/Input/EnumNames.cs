using System.Collections.Frozen;
using System.Text.Json;

namespace AsyncApi.Http.Input;

/// <summary>The camelCase names of an enum, as the contract writes them; no other spelling is read.</summary>
internal static class EnumNames<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<string, TEnum> Values =
        Enum.GetValues<TEnum>().ToFrozenDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), StringComparer.Ordinal);

    private static readonly FrozenDictionary<TEnum, string> Names = Values.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>All names, for a message.</summary>
    public static string List { get; } = string.Join(", ", Enum.GetValues<TEnum>().Select(Of));

    public static string Of(TEnum value) => Names[value];

    /// <summary>For a name that was written by <see cref="Of"/>.</summary>
    public static TEnum Parse(string name) => Values[name];

    public static bool TryParse(string name, out TEnum value) => Values.TryGetValue(name, out value);
}
