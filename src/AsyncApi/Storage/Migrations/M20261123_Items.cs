using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Items.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261123_Items")]
internal sealed class M20261123_Items : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "items",
            table => new
            {
                // Never used twice: a number that a client remembers must not become another item's.
                id = table.Column<long>().Annotation("Sqlite:Autoincrement", true),
                name = table.Column<string>(nullable: true),
                status = table.Column<string>(),
                job_id = table.Column<Guid>(),
                version = table.Column<long>(),
                length = table.Column<long>(nullable: true),
                words = table.Column<long>(nullable: true),
                sha256 = table.Column<string>(nullable: true),
                error = table.Column<string>(nullable: true),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
                // Last: a search through the names then reads nothing of it.
                data = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("pk_items", row => row.id));
        migrationBuilder.CreateIndex("ix_items_job_id", "items", "job_id", unique: true);
        migrationBuilder.CreateIndex("ix_items_status", "items", ["status", "id"]);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("items");
}
