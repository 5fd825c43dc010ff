using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>What is known of hosts beyond the life of the process.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261122_Hosts")]
internal sealed class M20261122_Hosts : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "host_limits",
            table => new
            {
                host = table.Column<string>(),
                concurrency = table.Column<int>(nullable: true),
                requests_per_second = table.Column<double>(),
            },
            constraints: table => table.PrimaryKey("pk_host_limits", row => row.host));
        migrationBuilder.CreateTable(
            "host_holds",
            table => new
            {
                host = table.Column<string>(),
                until = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_host_holds", row => row.host));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("host_holds");
        migrationBuilder.DropTable("host_limits");
    }
}
