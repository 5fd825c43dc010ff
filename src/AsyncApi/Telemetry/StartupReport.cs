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
            foreach (PropertyInfo property in options.GetType().GetProperties())
            {
                string name = $"{section}:{property.Name}";
                // A connection string holds a password.
                string value = property.Name == nameof(StorageOptions.ConnectionString) ? Masked(property.GetValue(options)) : Text(property.GetValue(options));
                LogSetting(name, value);
            }
        }

        LogFolder(folder.Root);
        foreach (string address in addresses)
        {
            LogAddress(address);
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
