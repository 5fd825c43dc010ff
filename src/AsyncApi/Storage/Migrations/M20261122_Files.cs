using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Uploaded files; their bytes lie beside the database.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261122_Files")]
internal sealed class M20261122_Files : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // Folders are found by ranges of bytes; SQLite compares so unless told otherwise, others by their own idea of a language.
        string? bytewise = IsSqlite(migrationBuilder) ? null : "C";
        migrationBuilder.CreateTable(
            "files",
            table => new
            {
                number = table.Column<long>().Annotation("Sqlite:Autoincrement", true),
                folder = table.Column<string>(collation: bytewise),
                name = table.Column<string>(collation: bytewise),
                blob = table.Column<Guid>(),
                size = table.Column<long>(),
                sha256 = table.Column<string>(),
                content_type = table.Column<string>(),
                created_at = table.Column<long>(),
                modified_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_files", row => row.number));
        migrationBuilder.CreateIndex("ix_files_folder", "files", ["folder", "name"], unique: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("files");

    private static bool IsSqlite(MigrationBuilder migration) =>
        migration.ActiveProvider?.EndsWith("Sqlite", StringComparison.Ordinal) ?? true;
}
