using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Load tests.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261129_LoadTests")]
internal sealed class M20261129_LoadTests : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateTable(
            "load_tests",
            table => new
            {
                id = table.Column<Guid>(),
                plan = table.Column<string>(),
                figures = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_load_tests", row => row.id));

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("load_tests");
}
