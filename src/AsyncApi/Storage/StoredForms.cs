using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AsyncApi.Storage;

/// <summary>How values lie in columns, in one place for every feature.</summary>
internal static class StoredForms
{
    public static void Apply(ModelConfigurationBuilder builder)
    {
        builder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        builder.Conventions.Add(_ => new EnumNameConvention());
    }
}

/// <summary>
/// An instant as milliseconds since 1970: SQLite can then order and compare it, which the provider's own text form cannot,
/// and it is as precise as the contract's times.
/// </summary>
internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

/// <summary>An enum as its name in camelCase, the word that clients see too; its numbers may then change freely.</summary>
internal sealed class EnumName<TEnum>() : ValueConverter<TEnum, string>(value => NameOf(value), name => ValueOf(name))
    where TEnum : struct, Enum
{
    private static readonly Dictionary<TEnum, string> Names =
        Enum.GetValues<TEnum>().ToDictionary(value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    private static readonly Dictionary<string, TEnum> Values = Names.ToDictionary(pair => pair.Value, pair => pair.Key);

    private static string NameOf(TEnum value) => Names[value];

    private static TEnum ValueOf(string name) => Values[name];
}

/// <summary>EF has no "all enums" with a converter that depends on the enum; what an entity's configuration says still wins.</summary>
internal sealed class EnumNameConvention : IPropertyAddedConvention
{
    public void ProcessPropertyAdded(IConventionPropertyBuilder propertyBuilder, IConventionContext<IConventionPropertyBuilder> context)
    {
        Type type = Nullable.GetUnderlyingType(propertyBuilder.Metadata.ClrType) ?? propertyBuilder.Metadata.ClrType;
        if (type.IsEnum)
        {
            propertyBuilder.HasConverter(typeof(EnumName<>).MakeGenericType(type));
        }
    }
}
