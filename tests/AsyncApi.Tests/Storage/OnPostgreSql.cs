using System.Collections.Concurrent;
using AsyncApi.Storage;

namespace AsyncApi.Tests.Storage;

/// <summary>
/// The settings by which a service under test runs on PostgreSQL: those of classes whose name says so, which inherit their tests
/// from the class for SQLite.
/// </summary>
internal static class OnPostgreSql
{
    public const string Suffix = "OnPostgreSql";

    // A service that is started again in a folder finds its database again.
    private static readonly ConcurrentDictionary<string, Task<string>> Databases = new(StringComparer.Ordinal);

    public static bool IsAsked => TestContext.Current.TestClass?.TestClassSimpleName.EndsWith(Suffix, StringComparison.Ordinal) == true;

    public static async Task<(string Key, string Value)[]> SettingsAsync(string? folder)
    {
        if (!IsAsked)
        {
            return [];
        }

        string connection = folder is null
            ? await SharedPostgreSql.CreateDatabaseAsync()
            : await Databases.GetOrAdd(folder, _ => SharedPostgreSql.CreateDatabaseAsync());
        return [("Storage:Provider", nameof(StorageProvider.PostgreSql)), ("Storage:ConnectionString", connection),
            // Tests run side by side on a machine that may be busy with more.
            ("Storage:ServerPatienceSeconds", "20")];
    }
}
