using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Users.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261122_Users")]
internal sealed class M20261122_Users : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "users",
            table => new
            {
                // Never used twice: a number that a client remembers must not become somebody else's.
                id = table.Column<long>().Annotation("Sqlite:Autoincrement", true),
                name = table.Column<string>(),
                email = table.Column<string>(),
                email_key = table.Column<string>(),
                version = table.Column<long>(),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_users", row => row.id));
        migrationBuilder.CreateIndex("ix_users_email_key", "users", "email_key", unique: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("users");
}
