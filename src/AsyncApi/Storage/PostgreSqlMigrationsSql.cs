using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using Npgsql.EntityFrameworkCore.PostgreSQL.Migrations;

namespace AsyncApi.Storage;

/// <summary>
/// Reads migrations, which are written once for both databases. Every text column gets the order of its bytes, as SQLite has it,
/// whatever the database was created with: ranges of text then mean the same on both, and an index serves them. What counts by
/// itself on SQLite is an identity column here.
/// </summary>
#pragma warning disable EF1001 // The base class's constructor asks for it; there is no other way to its column definitions.
internal sealed class PostgreSqlMigrationsSql(MigrationsSqlGeneratorDependencies dependencies, INpgsqlSingletonOptions options)
    : NpgsqlMigrationsSqlGenerator(dependencies, options)
#pragma warning restore EF1001
{
    protected override void ColumnDefinition(
        string? schema, string table, string name, ColumnOperation operation, IModel? model, MigrationCommandListBuilder builder)
    {
        if (operation.ClrType == typeof(string))
        {
            operation.Collation ??= "C";
        }

        if (operation.FindAnnotation("Sqlite:Autoincrement") is not null)
        {
            operation["Npgsql:ValueGenerationStrategy"] = NpgsqlValueGenerationStrategy.IdentityByDefaultColumn;
        }

        base.ColumnDefinition(schema, table, name, operation, model, builder);
    }
}
