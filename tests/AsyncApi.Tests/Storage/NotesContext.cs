using AsyncApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Tests.Storage;

internal enum Mood
{
    InGoodSpirits,
    Sad,
}

internal sealed class Author
{
    public int Id { get; set; }

    public required string Name { get; set; }
}

internal sealed class Note
{
    public Guid Id { get; set; }

    public required string Title { get; set; }

    public DateTimeOffset At { get; set; }

    public DateTimeOffset? ReadAt { get; set; }

    public Mood Mood { get; set; }

    public Mood? Before { get; set; }

    public decimal Price { get; set; }

    public int AuthorId { get; set; }
}

/// <summary>A small model with the service's conventions, for what can be shown without any feature.</summary>
internal class NotesContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    public DbSet<Author> Authors => Set<Author>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Author>().ToTable("authors");
        modelBuilder.Entity<Note>(note =>
        {
            note.ToTable("notes");
            note.HasIndex(n => n.Title).IsUnique().HasFilter("\"Title\" <> ''");
            note.HasOne<Author>().WithMany().HasForeignKey(n => n.AuthorId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => StoredForms.Apply(configurationBuilder);
}

[DbContext(typeof(NotesContext))]
[Migration("20261101000000_Notes")]
internal sealed class CreateNotes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        create table authors ("Id" integer not null constraint "PK_authors" primary key autoincrement, "Name" text not null);
        create table notes (
            "Id" text not null constraint "PK_notes" primary key, "Title" text not null, "At" integer not null, "ReadAt" integer,
            "Mood" text not null, "Before" text, "Price" text not null,
            "AuthorId" integer not null references authors ("Id") on delete cascade);
        create unique index "IX_notes_Title" on notes ("Title") where "Title" <> '';
        create index "IX_notes_AuthorId" on notes ("AuthorId");
        """);
}
