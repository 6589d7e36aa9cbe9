namespace AgentSystem.Runtime.Threads.Postgres;

/// <summary>The two lists of threads: all, and those that hold certain words.</summary>
internal static class ThreadSearch
{
    /// <summary>Marks that cannot stand in a text themselves: the query below takes them out of it.</summary>
    public const string HeadlineOptions = "StartSel=\u0002,StopSel=\u0003,MaxWords=24,MinWords=10";

    private const string Page = """
        ($2::text IS NULL OR thread.user_name = $2) AND ($3::text IS NULL OR thread.agent = $3)
          AND ($4::timestamptz IS NULL OR (thread.updated_at, thread.id) < ($4, $5))
        ORDER BY thread.updated_at DESC, thread.id DESC LIMIT $6
        """;

    /// <summary>$1 tenant, $2 user, $3 agent, $4 and $5 the position, $6 the number of rows.</summary>
    public const string List = $"SELECT {ThreadRows.Columns} FROM agentsystem.threads AS thread WHERE thread.tenant_id = $1 AND {Page}";

    /// <summary>The same with $7, the words, and $8, how to mark them. The newest message that holds them is shown, or else the title; only for the rows of the page.</summary>
    public const string Find = $"""
        SELECT {ThreadRows.Columns},
            ts_headline('simple', translate(left(coalesce((
                SELECT message.text FROM agentsystem.thread_messages AS message
                WHERE message.tenant_id = $1 AND message.thread_id = found.id AND message.number = found.number), found.title, ''), 50000), U&'\0002\0003', ''),
                websearch_to_tsquery('simple', $7), $8)
        FROM (
            SELECT thread.*, hit.number
            FROM agentsystem.search_threads(websearch_to_tsquery('simple', $7)) AS hit
            JOIN agentsystem.threads AS thread ON thread.tenant_id = $1 AND thread.id = hit.thread_id
            WHERE {Page}
        ) AS found
        ORDER BY updated_at DESC, id DESC
        """;
}
