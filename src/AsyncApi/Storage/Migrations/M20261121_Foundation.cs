using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Jobs and fetches.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261121_Foundation")]
internal sealed class M20261121_Foundation : Migration
{
    private const string AutoIncrement = "Sqlite:Autoincrement";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreateJobs(migrationBuilder);
        CreateFetches(migrationBuilder);
        CreateRequests(migrationBuilder);
        CreateResults(migrationBuilder);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (string table in (string[])["fetch_bodies", "fetch_results", "fetch_requests", "fetch_hosts", "fetches", "jobs"])
        {
            migrationBuilder.DropTable(table);
        }
    }

    private static void CreateJobs(MigrationBuilder migration)
    {
        migration.CreateTable(
            "jobs",
            table => new
            {
                number = table.Column<long>().Annotation(AutoIncrement, true),
                id = table.Column<Guid>(),
                kind = table.Column<string>(),
                status = table.Column<string>(),
                label = table.Column<string>(nullable: true),
                priority = table.Column<int>(),
                done = table.Column<long>(),
                total = table.Column<long>(),
                attempts = table.Column<int>(),
                crashes = table.Column<int>(),
                owner = table.Column<Guid>(nullable: true),
                lease_token = table.Column<long>(),
                error = table.Column<string>(nullable: true),
                request_id = table.Column<string>(),
                created_at = table.Column<long>(),
                started_at = table.Column<long>(nullable: true),
                finished_at = table.Column<long>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_jobs", row => row.number));
        migration.CreateIndex("ix_jobs_id", "jobs", "id", unique: true);
        migration.CreateIndex("ix_jobs_status", "jobs", ["status", "priority", "number"]);
    }

    private static void CreateFetches(MigrationBuilder migration)
    {
        migration.CreateTable(
            "fetches",
            table => new
            {
                // Never used twice: a deleted fetch's rows must not turn up under a new one.
                key = table.Column<long>().Annotation(AutoIncrement, true),
                job_id = table.Column<Guid>(nullable: true),
                options = table.Column<string>(),
                total = table.Column<int>(),
                succeeded = table.Column<int>(),
                failed = table.Column<int>(),
                cancelled = table.Column<int>(),
                bytes = table.Column<long>(),
                retries = table.Column<long>(),
                latencies = table.Column<byte[]>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_fetches", row => row.key));
        migration.CreateIndex("ix_fetches_job_id", "fetches", "job_id", unique: true);
        migration.CreateTable(
            "fetch_hosts",
            table => new
            {
                id = table.Column<long>().Annotation(AutoIncrement, true),
                fetch_key = table.Column<long>(),
                host = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("pk_fetch_hosts", row => row.id));
        migration.CreateIndex("ix_fetch_hosts_fetch_key", "fetch_hosts", "fetch_key");
    }

    private static void CreateRequests(MigrationBuilder migration)
    {
        migration.CreateTable(
            "fetch_requests",
            table => new
            {
                id = table.Column<long>(),
                host_id = table.Column<long>(nullable: true),
                url = table.Column<string>(),
                method = table.Column<string>(nullable: true),
                headers = table.Column<string>(nullable: true),
                body = table.Column<byte[]>(nullable: true),
                tag = table.Column<string>(nullable: true),
                fault = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_fetch_requests", row => row.id));
        migration.CreateIndex("ix_fetch_requests_host_id", "fetch_requests", "host_id");
    }

    private static void CreateResults(MigrationBuilder migration)
    {
        migration.CreateTable(
            "fetch_results",
            table => new
            {
                id = table.Column<long>(),
                request_id = table.Column<long>(),
                outcome = table.Column<int>(),
                reason = table.Column<int>(),
                message = table.Column<string>(nullable: true),
                status = table.Column<int>(),
                attempts = table.Column<int>(),
                started_at = table.Column<long>(nullable: true),
                duration_us = table.Column<long>(),
                waited_us = table.Column<long>(),
                final_url = table.Column<string>(nullable: true),
                content_type = table.Column<string>(nullable: true),
                headers = table.Column<byte[]>(nullable: true),
                body_bytes = table.Column<long>(),
                body_truncated = table.Column<bool>(),
                body_place = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("pk_fetch_results", row => row.id));
        migration.CreateIndex("ix_fetch_results_request_id", "fetch_results", "request_id", unique: true);
        migration.CreateTable(
            "fetch_bodies",
            table => new
            {
                id = table.Column<long>(),
                body = table.Column<byte[]>(),
            },
            constraints: table => table.PrimaryKey("pk_fetch_bodies", row => row.id));
    }
}
