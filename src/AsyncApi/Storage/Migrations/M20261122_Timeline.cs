using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>The attempts of each request, and the waits between them.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261122_Timeline")]
internal sealed class M20261122_Timeline : Migration
{
    private const string Results = "fetch_results";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("waited_for", Results, nullable: true);
        migrationBuilder.AddColumn<long>("first_byte_us", Results, nullable: true);
        migrationBuilder.AddColumn<string>("address", Results, nullable: true);
        migrationBuilder.AddColumn<byte[]>("timeline", Results, nullable: true);
        migrationBuilder.CreateTable(
            "fetch_waits",
            table => new
            {
                request_id = table.Column<long>(),
                not_before = table.Column<long>(),
                waits_for = table.Column<int>(),
                timeline = table.Column<byte[]>(),
            },
            constraints: table => table.PrimaryKey("pk_fetch_waits", row => row.request_id));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("fetch_waits");
        foreach (string column in (string[])["timeline", "address", "first_byte_us", "waited_for"])
        {
            migrationBuilder.DropColumn(column, Results);
        }
    }
}
