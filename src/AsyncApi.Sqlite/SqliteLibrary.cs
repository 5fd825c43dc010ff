namespace SQLitePCL;

internal static class SqliteLibrary
{
    internal const string Name = "sqlite3";
}
