using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Callbacks: who is to be told that a job is over, and how often it was tried.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261127_Callbacks")]
internal sealed class M20261127_Callbacks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("callback_url", "jobs", nullable: true);
        migrationBuilder.CreateIndex(
            "ix_jobs_callback", "jobs", "finished_at", filter: "callback_url is not null and finished_at is not null");
        migrationBuilder.CreateTable(
            "callbacks",
            table => new
            {
                number = table.Column<long>().Annotation("Sqlite:Autoincrement", true),
                id = table.Column<Guid>(),
                job_id = table.Column<Guid>(),
                url = table.Column<string>(),
                host = table.Column<string>(),
                status = table.Column<string>(),
                attempt = table.Column<int>(),
                tries = table.Column<int>(),
                claim = table.Column<long>(),
                error = table.Column<string>(nullable: true),
                at = table.Column<long>(nullable: true),
                next_at = table.Column<long>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_callbacks", row => row.number));
        migrationBuilder.CreateIndex("ix_callbacks_job_id", "callbacks", "job_id", unique: true);
        migrationBuilder.CreateIndex("ix_callbacks_next_at", "callbacks", "next_at", filter: "next_at is not null");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("callbacks");
        migrationBuilder.DropIndex("ix_jobs_callback", "jobs");
        migrationBuilder.DropColumn("callback_url", "jobs");
    }
}
