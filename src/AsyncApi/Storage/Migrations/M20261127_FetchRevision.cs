using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>How often a fetch was changed, by which the process that runs it sees a change that came by way of another.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261127_FetchRevision")]
internal sealed class M20261127_FetchRevision : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<int>("revision", "fetches", defaultValue: 0);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("revision", "fetches");
}
