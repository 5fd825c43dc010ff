using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AsyncApi.Storage.Migrations;

/// <summary>Answers that are kept for their idempotency keys.</summary>
[DbContext(typeof(AppDbContext))]
[Migration("20261122_IdempotencyKeys")]
internal sealed class M20261122_IdempotencyKeys : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "idempotency_keys",
            table => new
            {
                scope = table.Column<string>(),
                request_hash = table.Column<byte[]>(),
                status = table.Column<int>(),
                location = table.Column<string>(nullable: true),
                etag = table.Column<string>(nullable: true),
                body = table.Column<byte[]>(),
                created_at = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("pk_idempotency_keys", row => row.scope));
        migrationBuilder.CreateIndex("ix_idempotency_keys_created_at", "idempotency_keys", "created_at");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("idempotency_keys");
}
