using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AsyncApi.Tests.Storage;

internal static class SqliteSchema
{
    private const string Objects =
        """
        select 'table ' || t.name || ' column ' || c.name || ' ' || lower(c.type) || iif(c."notnull", ' not null', '')
               || iif(c.pk, ' key ' || c.pk, '') || coalesce(' default ' || c.dflt_value, '')
        from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and t.name not like '\_\_EF%' escape '\' and t.name not like 'sqlite\_%' escape '\'
        union all
        select 'table ' || t.name || ' foreign key ' || group_concat(f."from", ',') || ' -> ' || f."table" || '(' || group_concat(f."to", ',')
               || ') on delete ' || lower(f.on_delete) || ' on update ' || lower(f.on_update)
        from sqlite_master t, pragma_foreign_key_list(t.name) f where t.type = 'table' group by t.name, f.id
        union all
        select 'table ' || t.name || ' index ' || iif(i.origin = 'c', i.name, '(constraint)') || iif(i."unique", ' unique', '') || ' ('
               || (select group_concat(coalesce(x.name, '(expression)') || iif(x."desc", ' desc', ''), ', ')
                   from (select * from pragma_index_xinfo(i.name) where "key" order by seqno) x) || ')'
               || iif(i.partial, ' where ' || trim(substr(s.sql, instr(lower(s.sql), ' where ') + 7)), '')
        from sqlite_master t, pragma_index_list(t.name) i left join sqlite_master s on s.type = 'index' and s.name = i.name
        where t.type = 'table' and t.name not like '\_\_EF%' escape '\' and t.name not like 'sqlite\_%' escape '\'
        """;

    /// <inheritdoc cref="SchemaDifferences.FindAsync"/>
    public static async Task<List<string>> DifferencesAsync(DbContext migrated, CancellationToken token)
    {
        await using var fresh = new SqliteConnection("Data Source=:memory:");
        return await SchemaDifferences.FindAsync(migrated, fresh, Objects, token);
    }
}
