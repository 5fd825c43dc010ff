using System.Collections;
using System.Globalization;
using System.Reflection;
using AsyncApi.Storage;

namespace AsyncApi.Telemetry;

/// <summary>Says at start where the service listens, where its data lies and which settings hold.</summary>
internal sealed partial class StartupReport(DataFolder folder, ILogger<StartupReport> logger)
{
    public void Write(IEnumerable<string> addresses, params IReadOnlyList<(string Section, object Options)> settings)
    {
        foreach ((string section, object options) in settings)
        {
            WriteSection(section, options);
        }

        LogFolder(folder.Root);
        foreach (string address in addresses)
        {
            LogAddress(address);
        }
    }

    private void WriteSection(string section, object options)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties())
        {
            string name = $"{section}:{property.Name}";
            object? value = property.GetValue(options);
            // A section within the section.
            if (value is not null and not IEnumerable && value.GetType() is { IsClass: true } type && type.Assembly == typeof(StartupReport).Assembly)
            {
                WriteSection(name, value);
                continue;
            }

            // A connection string holds a password.
            LogSetting(name, property.Name == nameof(StorageOptions.ConnectionString) ? Masked(value) : Text(value));
        }
    }

    private static string Masked(object? value) => string.IsNullOrEmpty(value as string) ? "" : "***";

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        IEnumerable many => string.Join(", ", many.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "{Setting} = {Value}")]
    private partial void LogSetting(string setting, string value);

    [LoggerMessage(Level = LogLevel.Information, Message = "Data folder: {Folder}")]
    private partial void LogFolder(string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {Address}")]
    private partial void LogAddress(string address);
}
