using AgentSystem.Contracts.Documents;
using AgentSystem.Runtime.State.Postgres;

namespace AgentSystem.Runtime.Documents.Postgres;

/// <summary>
/// One search. Words are compared by their English stems (<c>leaves</c> finds <c>leave</c>); a word of another language is found as it is written, since the
/// same stemmer cuts both sides alike. Words without meaning of their own ("the", "of") count only when there are no others.
/// </summary>
internal static class PostgresDocumentSearch
{
    public static async Task<IReadOnlyList<DocumentHit>> RunAsync(TenantSession session, string? agent, SearchQuery query, int limit, CancellationToken cancellation)
    {
        var wanted = await UnderstandAsync(session, query, cancellation);
        if (wanted.Stems.Count == 0)
        {
            return [];
        }

        var found = await FindAsync(session, wanted.All, agent, wanted.Stems, 0, limit, cancellation);
        if (found.Count == 0 && wanted.Stems.Count > 1)
        {
            // Half of the words: fewer are an accident.
            found = await FindAsync(session, wanted.Any, agent, wanted.Stems, (wanted.Stems.Count + 1) / 2, limit, cancellation);
        }

        return found.Count == 0 ? [] : await QuoteAsync(session, found, wanted.Stems, cancellation);
    }

    private static async Task<Wanted> UnderstandAsync(TenantSession session, SearchQuery query, CancellationToken cancellation)
    {
        await using var parse = session.Command(
            """
            WITH configuration AS (
                SELECT CASE WHEN numnode(plainto_tsquery('pg_catalog.english', $4)) > 0 THEN 'pg_catalog.english' ELSE 'agentsystem.document_words' END::regconfig AS name
            ), without AS (
                SELECT CASE WHEN $3 = '' THEN ''::tsquery ELSE !! websearch_to_tsquery('agentsystem.document_words', $3) END AS these
            )
            SELECT (websearch_to_tsquery(name, $1) && these)::text, (websearch_to_tsquery(name, $2) && these)::text, tsvector_to_array(to_tsvector(name, $4))
            FROM configuration, without
            """,
            query.All, query.Any, query.Excluded, query.Words);
        await using var row = await parse.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new Wanted(row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2));
    }

    private static async Task<List<Found>> FindAsync(
        TenantSession session, string tsquery, string? agent, IReadOnlyList<string> stems, int fewest, int limit, CancellationToken cancellation)
    {
        await using var select = session.Command(
            "SELECT * FROM agentsystem.search_document_chunks($1::tsquery, $2::text, $3, $4, $5)", tsquery, agent, stems, fewest, limit);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var found = new List<Found>();
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(new Found(
                rows.GetString(0), rows.GetString(1), rows.GetInt32(2), rows.IsDBNull(3) ? null : rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetInt32(4),
                rows.GetString(5), DocumentWords.Of(rows.GetString(5)), ((double)rows.GetInt32(6) / stems.Count) + rows.GetFloat(7)));
        }

        return found;
    }

    /// <summary>The dictionary that indexed the words says which of them are the wanted ones.</summary>
    private static async Task<IReadOnlyList<DocumentHit>> QuoteAsync(TenantSession session, List<Found> found, IReadOnlyList<string> stems, CancellationToken cancellation)
    {
        var words = found.SelectMany(place => place.Words).Select(word => word.Folded).Distinct(StringComparer.Ordinal).ToList();
        await using var select = session.Command(
            "SELECT word, stem FROM unnest($1) AS word, unnest(ts_lexize('agentsystem.document_stem', word)) AS stem WHERE stem = ANY ($2)", words, stems);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var stemOf = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation))
        {
            stemOf[rows.GetString(0)] = rows.GetString(1);
        }

        return [.. found.Select(place =>
        {
            var snippet = Snippets.Choose(place.Text, place.Words, stemOf.GetValueOrDefault);
            var marked = Snippets.Mark(place.Text, snippet, place.Words, stemOf.GetValueOrDefault);
            return new DocumentHit(place.DocumentId, place.Title, place.Number, place.Heading, place.Page, marked, place.Score);
        })];
    }

    /// <param name="All">The query as the database understands it.</param>
    /// <param name="Any">The same with any word being enough.</param>
    /// <param name="Stems">Of its words.</param>
    private sealed record Wanted(string All, string Any, IReadOnlyList<string> Stems);

    private sealed record Found(string DocumentId, string Title, int Number, string? Heading, int? Page, string Text, IReadOnlyList<DocumentWord> Words, double Score);
}
