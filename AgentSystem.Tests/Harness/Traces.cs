using System.Text;
using Npgsql;

namespace AgentSystem.Tests.Harness;

/// <summary>Looks for words in every column of every table, as the owner, who sees all rows.</summary>
internal static class Traces
{
    /// <summary>The places in which any of some words stands, whatever its case.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(NpgsqlDataSource source, params string[] words)
    {
        var columns = new List<(string Table, string Column, string Type)>();
        await using (var select = source.CreateCommand("""
            SELECT c.table_name::text, c.column_name::text, c.data_type::text FROM information_schema.columns AS c
            JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE' WHERE c.table_schema = 'agentsystem'
            """))
        {
            await using var row = await select.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                columns.Add((row.GetString(0), row.GetString(1), row.GetString(2)));
            }
        }

        var found = new List<string>();
        foreach (var (table, column, type) in columns)
        {
            foreach (var word in words)
            {
                await using var look = source.CreateCommand(type == "bytea"
                    ? $"SELECT count(*) FROM agentsystem.\"{table}\" WHERE position($1 IN \"{column}\") > 0"
                    : $"SELECT count(*) FROM agentsystem.\"{table}\" WHERE \"{column}\"::text ILIKE '%' || $1 || '%'");
                look.Parameters.Add(new NpgsqlParameter { Value = type == "bytea" ? Encoding.UTF8.GetBytes(word) : word });
                if ((long)(await look.ExecuteScalarAsync())! > 0)
                {
                    found.Add($"{table}.{column}: {word}");
                }
            }
        }

        return found;
    }
}
