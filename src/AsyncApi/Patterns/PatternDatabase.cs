using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AsyncApi.Patterns;

/// <summary>A database of a run's own, in its own folder.</summary>
internal static class PatternDatabase
{
    // Without pooling a closed connection is closed, so that the run can delete its folder.
    public static DbConnection Connect(string file) =>
        new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
}
