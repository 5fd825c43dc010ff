using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AsyncApi.Tests.Storage;

/// <summary>That the migrations, written once for both databases, make on PostgreSQL what EF would make of the model there.</summary>
public sealed class PostgreSqlMigrationTests
{
    private const string Objects =
        """
        select concat('table ', t.relname, ' column ', a.attname, ' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' end,
                      ' collate ' || nullif(l.collname, 'default'), case when a.attidentity <> '' then ' identity ' || a.attidentity::text end,
                      ' default ' || pg_get_expr(d.adbin, d.adrelid))
        from pg_class t join pg_attribute a on a.attrelid = t.oid left join pg_collation l on l.oid = a.attcollation
             left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
        where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace and t.relname not like '\_\_EF%' and a.attnum > 0 and not a.attisdropped
        union all
        select concat('table ', t.relname, ' constraint ', c.conname, ' ', pg_get_constraintdef(c.oid))
        from pg_class t join pg_constraint c on c.conrelid = t.oid where t.relnamespace = 'public'::regnamespace and t.relname not like '\_\_EF%'
        union all
        select indexdef from pg_indexes where schemaname = 'public' and tablename not like '\_\_EF%'
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Schema_afterMigrations_equalsTheModel() => (await DifferencesAsync(null)).ShouldBeEmpty();

    [Fact]
    public async Task Difference_betweenDatabaseAndModel_isFound()
    {
        (string Change, string Line)[] changes =
        [
            ("alter table workers add column extra text", "only in the database: table workers column extra text"),
            ("alter table workers alter column last_seen drop not null", "only in the model: table workers column last_seen bigint not null"),
            ("alter table jobs alter column kind type text collate \"default\"", "only in the model: table jobs column kind text not null collate C"),
            ("alter table jobs alter column number drop identity", "only in the model: table jobs column number bigint not null identity d"),
            ("alter table workers drop constraint pk_workers", "only in the model: table workers constraint pk_workers PRIMARY KEY (id)"),
            ("drop index ix_jobs_id; create index ix_jobs_id on jobs (id)",
                "only in the model: CREATE UNIQUE INDEX ix_jobs_id ON public.jobs USING btree (id)"),
            ("drop index ix_jobs_owner; create index ix_jobs_owner on jobs (owner)",
                "only in the model: CREATE INDEX ix_jobs_owner ON public.jobs USING btree (owner) WHERE (owner IS NOT NULL)"),
        ];

        List<string> found = await DifferencesAsync(string.Join(';', changes.Select(change => change.Change)));

        foreach ((_, string line) in changes)
        {
            found.ShouldContain(line);
        }
    }

    private static async Task<List<string>> DifferencesAsync(string? change)
    {
        await using PostgreSqlUnderTest migrated = await PostgreSqlUnderTest.ConnectAsync(await SharedPostgreSql.CreateDatabaseAsync());
        await using NpgsqlConnection fresh = new(await SharedPostgreSql.CreateDatabaseAsync());
        return await migrated.Database.WriteAsync(
            async (session, token) =>
            {
                if (change is not null)
                {
                    await session.Context.Database.ExecuteSqlRawAsync(change, token);
                }

                return await SchemaDifferences.FindAsync(session.Context, fresh, Objects, token);
            },
            Token);
    }
}
