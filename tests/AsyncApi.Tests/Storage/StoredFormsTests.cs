using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using AsyncApi.Storage;
using AsyncApi.Tests.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace AsyncApi.Tests.Storage;

public sealed class StoredFormsTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, 123, TimeSpan.Zero);
    private readonly SqliteConnection _connection = TestConnection.Open();
    private readonly NotesContext _context;

    public StoredFormsTests()
    {
        _context = new NotesContext(new DbContextOptionsBuilder<NotesContext>().UseSqlite(_connection).Options);
        _context.Database.EnsureCreated();
        _context.Authors.Add(new Author { Id = 1, Name = "A" });
        _context.Notes.AddRange(
            new Note { Id = Guid.Parse("019a0000-0000-7000-8000-0000000000ab"), Title = "first", At = Noon, AuthorId = 1, Price = 9.5m },
            new Note { Title = "second", At = Noon.AddHours(2).ToOffset(TimeSpan.FromHours(9)), Mood = Mood.Sad, Before = Mood.InGoodSpirits, AuthorId = 1, Price = 10.25m });
        _context.SaveChanges();
        _context.ChangeTracker.Clear();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _context.Dispose();
        _connection.Dispose();
    }

    [Fact]
    public async Task Times_areMilliseconds_comparedAndReadInUtc()
    {
        _connection.Scalar("select \"At\" from notes where \"Title\" = 'first'").ShouldBe(Noon.ToUnixTimeMilliseconds());

        Note later = await _context.Notes.Where(note => note.At > Noon).OrderByDescending(note => note.At).SingleAsync(Token);

        later.At.ShouldBe(Noon.AddHours(2));
        later.At.Offset.ShouldBe(TimeSpan.Zero);
        later.ReadAt.ShouldBeNull();
    }

    [Fact]
    public async Task Enums_areTheirNamesInCamelCase()
    {
        _connection.Scalar("select group_concat(\"Mood\") from (select \"Mood\" from notes order by \"Title\")").ShouldBe("inGoodSpirits,sad");
        _connection.Scalar("select group_concat(typeof(\"Before\")) from (select * from notes order by \"Title\")").ShouldBe("null,text");

        (await _context.Notes.SingleAsync(note => note.Mood == Mood.Sad, Token)).Before.ShouldBe(Mood.InGoodSpirits);
    }

    [Fact]
    public async Task Guids_areText_andFound()
    {
        var id = Guid.Parse("019a0000-0000-7000-8000-0000000000ab");
        _connection.Scalar("select \"Id\" from notes where \"Title\" = 'first'").ShouldBe(id.ToString().ToUpperInvariant());

        (await _context.Notes.SingleAsync(note => note.Id == id, Token)).Title.ShouldBe("first");
    }

    [Fact]
    [SuppressMessage("Security", "MA0009", Justification = "EF translates the call; it is never made.")]
    public async Task FunctionsOfEf_runInSqlite()
    {
        (await _context.Notes.SumAsync(note => note.Price, Token)).ShouldBe(19.75m);
        (await _context.Notes.AverageAsync(note => note.Price, Token)).ShouldBe(9.875m);
        (await _context.Notes.MaxAsync(note => note.Price, Token)).ShouldBe(10.25m);
        (await _context.Notes.CountAsync(note => note.Price * 2 > 20, Token)).ShouldBe(1);
        (await _context.Notes.OrderBy(note => note.Price).Select(note => note.Title).ToListAsync(Token)).ShouldBe(["first", "second"]);
        (await _context.Notes.CountAsync(note => Regex.IsMatch(note.Title, "^s.*d$"), Token)).ShouldBe(1);
    }

    [Fact]
    public async Task Statement_bindsAndReadsWhatEfDoes()
    {
        var id = Guid.Parse("019a0000-0000-7000-8000-0000000000ab");
        using var prepared = new PreparedStatement(
            _connection.Handle(), "select \"Id\", \"At\", \"ReadAt\" from notes where \"Id\" = ?1 and \"At\" = ?2");
        Statement select = new SqliteStatement(prepared);
        select.BindGuid(1, id);
        select.BindTime(2, Noon);

        (await select.StepAsync(Token)).ShouldBeTrue();

        select.ColumnGuid(0).ShouldBe(id);
        select.ColumnTime(1).ShouldBe(Noon);
        select.ColumnTime(2).ShouldBeNull();
    }
}
