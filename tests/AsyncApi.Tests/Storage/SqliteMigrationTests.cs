using AsyncApi.Storage;
using AsyncApi.Tests.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AsyncApi.Tests.Storage;

public sealed class SqliteMigrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Schema_afterMigrations_equalsTheModel()
    {
        await using SqliteUnderTest tested = await SqliteUnderTest.StartAsync();

        List<string> differences = await tested.Database.WriteAsync(
            async (session, token) => await SqliteSchema.DifferencesAsync(session.Context, token), Token);

        differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task Migrations_applied_makeTheModelsTables_once()
    {
        using SqliteConnection connection = TestConnection.Open();
        await using var context = new NotesContext(Options(connection));
        var migrator = new SqliteMigrator(NullLogger.Instance);

        await migrator.MigrateAsync(context, Token);
        await migrator.MigrateAsync(context, Token);

        (await SqliteSchema.DifferencesAsync(context, Token)).ShouldBeEmpty();
        (await context.Database.GetAppliedMigrationsAsync(Token)).ShouldBe(["20261101000000_Notes"]);
    }

    [Theory]
    [InlineData("alter table notes add column extra text", "only in the database: table notes column extra text")]
    [InlineData("alter table notes drop column \"ReadAt\"", "only in the model: table notes column ReadAt integer")]
    [InlineData("drop index \"IX_notes_AuthorId\"", "only in the model: table notes index IX_notes_AuthorId (AuthorId)")]
    [InlineData("create table more (v text)", "only in the database: table more column v text")]
    [InlineData(
        "drop index \"IX_notes_Title\"; create index \"IX_notes_Title\" on notes (\"Title\") where \"Title\" <> ''",
        "only in the model: table notes index IX_notes_Title unique (Title) where \"Title\" <> ''")]
    [InlineData(
        "drop index \"IX_notes_Title\"; create unique index \"IX_notes_Title\" on notes (\"Title\")",
        "only in the model: table notes index IX_notes_Title unique (Title) where \"Title\" <> ''")]
    [InlineData(
        "drop table authors; create table authors (\"Id\" integer not null primary key autoincrement, \"Name\" text)",
        "only in the model: table authors column Name text not null")]
    [InlineData(
        "drop table authors; create table authors (\"Id\" integer not null, \"Name\" text not null)",
        "only in the model: table authors column Id integer not null key 1")]
    [InlineData(
        "drop table notes; create table notes (\"AuthorId\" integer not null references authors (\"Id\"))",
        "only in the model: table notes foreign key AuthorId -> authors(Id) on delete cascade on update no action")]
    public async Task Difference_betweenDatabaseAndModel_isFound(string change, string line)
    {
        using SqliteConnection connection = TestConnection.Open();
        await using var context = new NotesContext(Options(connection));
        await new SqliteMigrator(NullLogger.Instance).MigrateAsync(context, Token);
        connection.Run(change);

        (await SqliteSchema.DifferencesAsync(context, Token)).ShouldContain(line);
    }

    [Fact]
    public async Task Migration_thatFoundTheLockOfADeadProcess_goesOn()
    {
        using SqliteConnection connection = TestConnection.Open();
        connection.Run(
            """
            create table "__EFMigrationsLock" ("Id" integer not null primary key, "Timestamp" text not null);
            insert into "__EFMigrationsLock" values (1, '2026-01-01')
            """);
        await using var context = new NotesContext(Options(connection));

        await new SqliteMigrator(NullLogger.Instance).MigrateAsync(context, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);

        (await context.Notes.CountAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task DamagedFile_isRefusedWithAdvice()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a.db"), new string('x', 10_000), Token);
        using SqliteConnection connection = TestConnection.Open(folder.File("a.db"));
        await using var context = new NotesContext(Options(connection));

        InvalidDataException error = await Should.ThrowAsync<InvalidDataException>(
            new SqliteMigrator(NullLogger.Instance).MigrateAsync(context, Token));

        error.Message.ShouldContain("a.db is damaged");
    }

    [Fact]
    public async Task Version_isLogged_andAnOldOneWarnedOf()
    {
        using SqliteConnection connection = TestConnection.Open();
        await using var context = new NotesContext(Options(connection));
        var log = new ListLogger();

        await new SqliteMigrator(log).MigrateAsync(context, Token);

        log.Lines.ShouldContain((LogLevel.Information, "SQLite " + connection.ServerVersion));
        log.Lines.Any(line => line.Level == LogLevel.Warning).ShouldBe(Version.Parse(connection.ServerVersion) < new Version(3, 51, 3));
    }

    private static DbContextOptions<NotesContext> Options(SqliteConnection connection) =>
        new DbContextOptionsBuilder<NotesContext>().UseSqlite(connection).Options;

    private sealed class ListLogger : ILogger
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add((logLevel, formatter(state, exception)));
    }
}
