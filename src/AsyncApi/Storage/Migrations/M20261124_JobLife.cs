using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Starts at a time, workers that are alive, jobs that were deleted.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261124_JobLife")]
internal sealed class M20261124_JobLife : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<long>("due_at", "jobs", nullable: true);
        migrationBuilder.AddColumn<long>("changed_at", "jobs", nullable: false, defaultValue: 0L);
        migrationBuilder.CreateIndex("ix_jobs_due_at", "jobs", "due_at", filter: "status = 'scheduled'");
        migrationBuilder.CreateIndex("ix_jobs_owner", "jobs", "owner", filter: "owner is not null");
        migrationBuilder.CreateIndex("ix_jobs_finished_at", "jobs", "finished_at", filter: "finished_at is not null");
        migrationBuilder.CreateIndex("ix_jobs_changed_at", "jobs", "changed_at");
        migrationBuilder.CreateTable(
            "workers",
            table => new
            {
                id = table.Column<Guid>(),
                started_at = table.Column<long>(),
                last_seen = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_workers", row => row.id));
        migrationBuilder.CreateTable(
            "job_tombstones",
            table => new
            {
                id = table.Column<Guid>(),
                deleted_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_job_tombstones", row => row.id));
        migrationBuilder.CreateIndex("ix_job_tombstones_deleted_at", "job_tombstones", "deleted_at");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("job_tombstones");
        migrationBuilder.DropTable("workers");
        foreach (string index in (string[])["ix_jobs_changed_at", "ix_jobs_finished_at", "ix_jobs_owner", "ix_jobs_due_at"])
        {
            migrationBuilder.DropIndex(index, "jobs");
        }

        migrationBuilder.DropColumn("changed_at", "jobs");
        migrationBuilder.DropColumn("due_at", "jobs");
    }
}
