using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Each try of a callback. Callbacks of jobs that were deleted before go too: nobody sees them any more.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261128_CallbackTries")]
internal sealed class M20261128_CallbackTries : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "callback_tries",
            table => new
            {
                delivery = table.Column<long>(),
                attempt = table.Column<int>(),
                at = table.Column<long>(),
                duration_us = table.Column<long>(nullable: true),
                http_status = table.Column<int>(nullable: true),
                error = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_callback_tries", row => new { row.delivery, row.attempt }));
        migrationBuilder.Sql("delete from callbacks where job_id not in (select id from jobs)");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("callback_tries");
}
