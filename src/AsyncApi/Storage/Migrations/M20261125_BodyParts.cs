using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Large bodies where several processes share the database.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261125_BodyParts")]
internal sealed class M20261125_BodyParts : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable(
        "fetch_body_parts",
        table => new
        {
            id = table.Column<long>(),
            part = table.Column<int>(),
            body = table.Column<byte[]>(),
        },
        constraints: table => table.PrimaryKey("pk_fetch_body_parts", row => new { row.id, row.part }));

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("fetch_body_parts");
}
