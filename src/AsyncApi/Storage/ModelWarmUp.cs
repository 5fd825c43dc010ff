using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Storage;

/// <summary>
/// EF builds its model when it is first asked for, which takes a good part of the start. Here that is done on another processor,
/// while routes are mapped and services made; EF keeps the model for the whole process.
/// </summary>
internal sealed class ModelWarmUp
{
    private ModelWarmUp(Task done) => Done = done;

    public Task Done { get; }

    /// <summary>For SQLite alone, which is what starts within a second or two.</summary>
    public static ModelWarmUp Begin(IConfiguration configuration)
    {
        string? provider = configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.Provider)}"];
        bool isSqlite = provider is null || string.Equals(provider, nameof(StorageProvider.Sqlite), StringComparison.OrdinalIgnoreCase);
        return new ModelWarmUp(isSqlite ? Task.Run(BuildSqliteModelAsync) : Task.CompletedTask);
    }

    private static async Task BuildSqliteModelAsync()
    {
        await using SqliteConnection unopened = new();
        await using AppDbContext context = SqliteConnections.CreateContext(unopened, QueryTrackingBehavior.TrackAll);
        _ = context.Model;
    }
}
