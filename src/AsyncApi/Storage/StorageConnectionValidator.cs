using Microsoft.Extensions.Options;
using Npgsql;

namespace AsyncApi.Storage;

/// <summary>The database and the way to it have to fit. The text itself is not repeated: it holds a password.</summary>
internal sealed class StorageConnectionValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) => FaultOf(options) is { } fault
        ? ValidateOptionsResult.Fail(fault)
        : ValidateOptionsResult.Success;

    private static string? FaultOf(StorageOptions options)
    {
        const string key = $"{StorageOptions.Section}:{nameof(StorageOptions.ConnectionString)}";
        if (options.Provider != StorageProvider.PostgreSql)
        {
            return string.IsNullOrEmpty(options.ConnectionString) ? null : $"{key} goes with {StorageOptions.Section}:Provider=PostgreSql alone.";
        }

        const string example = "such as Host=db;Database=asyncapi;Username=asyncapi;Password=…";
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            return $"{key} must say where the PostgreSQL server is, {example}.";
        }

        try
        {
            NpgsqlConnectionStringBuilder parsed = new(options.ConnectionString);
            return string.IsNullOrEmpty(parsed.Host) ? $"{key} names no Host; it must be {example}." : null;
        }
        catch (ArgumentException e)
        {
            return $"{key} cannot be read ({e.Message}); it must be {example}.";
        }
    }
}
