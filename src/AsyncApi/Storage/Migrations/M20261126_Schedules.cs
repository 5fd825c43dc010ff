using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Schedules.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261126_Schedules")]
internal sealed class M20261126_Schedules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "schedules",
            table => new
            {
                number = table.Column<long>().Annotation("Sqlite:Autoincrement", true),
                id = table.Column<Guid>(),
                cron = table.Column<string>(),
                time_zone = table.Column<string>(),
                label = table.Column<string>(nullable: true),
                enabled = table.Column<bool>(),
                on_missed = table.Column<string>(),
                on_overlap = table.Column<string>(),
                next_run_at = table.Column<long>(nullable: true),
                last_run_at = table.Column<long>(nullable: true),
                last_job_id = table.Column<Guid>(nullable: true),
                last_error = table.Column<string>(nullable: true),
                version = table.Column<long>(),
                created_at = table.Column<long>(),
                updated_at = table.Column<long>(),
                // Last: what looks for due ones by the other columns then reads little of it.
                fetch = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("pk_schedules", row => row.number));
        migrationBuilder.CreateIndex("ix_schedules_id", "schedules", "id", unique: true);
        migrationBuilder.CreateIndex("ix_schedules_next_run_at", "schedules", "next_run_at", filter: "next_run_at is not null");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("schedules");
}
