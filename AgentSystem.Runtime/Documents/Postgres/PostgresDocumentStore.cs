using AgentSystem.Contracts.Documents;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Runtime.Documents.Postgres;

/// <summary>Documents in Postgres, found by its full-text search; see <see cref="PostgresDocumentSearch"/>.</summary>
internal sealed class PostgresDocumentStore(RuntimeDatabase database) : IDocumentStore
{
    private const string Columns = "id, title, agent, media_type, bytes, characters, chunks, pages, sha256, created_by, created_at";

    // $1 tenant, $2 agents the reader may see, null for all.
    private const string Visible = "tenant_id = $1 AND (agent IS NULL OR $2::text[] IS NULL OR agent = ANY ($2))";

    public async Task<DocumentView?> FindSameAsync(string tenant, string? agent, string sha256, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(tenant, cancellation);
        return await FindSameAsync(session, tenant, agent, sha256, cancellation);
    }

    public async Task<AddedDocument> AddAsync(string tenant, NewDocument document, DocumentsOptions limits, CancellationToken cancellation)
    {
        var view = document.View;
        await using var session = await database.OpenAsync(tenant, cancellation);
        // One upload of a tenant at a time from here on: otherwise two could both find room for the last one.
        await using (var turn = session.Command("SELECT pg_advisory_xact_lock(hashtextextended('documents:' || $1, 0))", tenant))
        {
            await turn.ExecuteNonQueryAsync(cancellation);
        }

        if (await FindSameAsync(session, tenant, view.Agent, view.Sha256, cancellation) is { } same)
        {
            return new AddedDocument(same, false, null);
        }

        if (await RefusalAsync(session, tenant, view.Bytes, limits, cancellation) is { } refusal)
        {
            return new AddedDocument(null, false, refusal);
        }

        await using (var insert = session.Command(
            $"INSERT INTO agentsystem.documents (tenant_id, title_folded, {Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            tenant, LatinLetters.Fold(view.Title), view.Id, view.Title, view.Agent, view.MediaType, view.Bytes, view.Characters, view.Chunks, view.Pages,
            Convert.FromHexString(view.Sha256), view.CreatedBy, view.CreatedAt))
        {
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        await InsertChunksAsync(session, tenant, document, cancellation);
        await session.CommitAsync(cancellation);
        return new AddedDocument(view, true, null);
    }

    public async Task<IReadOnlyList<DocumentView>> ListAsync(DocumentReader reader, DocumentFilter filter, string? after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(reader.Tenant, cancellation);
        // Ids begin with their time, so their order is the order of coming.
        await using var select = session.Command(
            $"""
            SELECT {Columns} FROM agentsystem.documents
            WHERE {Visible} AND ($3::text IS NULL OR agent = $3) AND ($4::text IS NULL OR strpos(title_folded, $4) > 0) AND ($5::text IS NULL OR id < $5)
            ORDER BY id DESC LIMIT $6
            """,
            reader.Tenant, reader.Agents, filter.Agent, filter.Title is null ? null : LatinLetters.Fold(filter.Title), after, limit);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var found = new List<DocumentView>();
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(Read(rows));
        }

        return found;
    }

    public async Task<DocumentView?> FindAsync(DocumentReader reader, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(reader.Tenant, cancellation);
        await using var select = session.Command($"SELECT {Columns} FROM agentsystem.documents WHERE {Visible} AND id = $3", reader.Tenant, reader.Agents, id);
        return await FirstAsync(select, cancellation);
    }

    public async Task<DocumentText?> TextAsync(DocumentReader reader, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(reader.Tenant, cancellation);
        await using var select = session.Command(
            $"""
            SELECT d.title, c.number, c.heading, c.page, c.text
            FROM (SELECT tenant_id, id, title FROM agentsystem.documents WHERE {Visible} AND id = $3) d
            JOIN agentsystem.document_chunks c ON c.tenant_id = d.tenant_id AND c.document_id = d.id
            ORDER BY c.number
            """,
            reader.Tenant, reader.Agents, id);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var chunks = new List<DocumentChunk>();
        var title = "";
        while (await rows.ReadAsync(cancellation))
        {
            title = rows.GetString(0);
            chunks.Add(new DocumentChunk(rows.GetInt32(1), Text(rows, 2), rows.IsDBNull(3) ? null : rows.GetInt32(3), rows.GetString(4)));
        }

        // A document without a piece is never kept.
        return chunks.Count == 0 ? null : new DocumentText(id, title, chunks);
    }

    public async Task<bool> DeleteAsync(DocumentReader reader, string id, CancellationToken cancellation)
    {
        await using var session = await database.OpenAsync(reader.Tenant, cancellation);
        await using var delete = session.Command($"DELETE FROM agentsystem.documents WHERE {Visible} AND id = $3", reader.Tenant, reader.Agents, id);
        var deleted = await delete.ExecuteNonQueryAsync(cancellation) > 0;
        await session.CommitAsync(cancellation);
        return deleted;
    }

    public async Task<IReadOnlyList<DocumentHit>> SearchAsync(string tenant, string? agent, string query, int limit, CancellationToken cancellation)
    {
        var wanted = SearchQuery.Parse(query);
        if (wanted.IsEmpty)
        {
            return [];
        }

        await using var session = await database.OpenAsync(tenant, cancellation);
        return await PostgresDocumentSearch.RunAsync(session, agent, wanted, limit, cancellation);
    }

    private static async Task<DocumentView?> FindSameAsync(TenantSession session, string tenant, string? agent, string sha256, CancellationToken cancellation)
    {
        await using var select = session.Command(
            $"SELECT {Columns} FROM agentsystem.documents WHERE tenant_id = $1 AND coalesce(agent, '') = $2 AND sha256 = $3",
            tenant, agent ?? "", Convert.FromHexString(sha256));
        return await FirstAsync(select, cancellation);
    }

    private static async Task<DocumentRefusal?> RefusalAsync(TenantSession session, string tenant, long bytes, DocumentsOptions limits, CancellationToken cancellation)
    {
        await using var count = session.Command("SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM agentsystem.documents WHERE tenant_id = $1", tenant);
        await using var row = await count.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return row.GetInt64(0) >= limits.MaxPerTenant
            ? new DocumentRefusal(409, "documents_limit_reached", $"There are {limits.MaxPerTenant:N0} documents already, as many as this tenant may have; delete some, or ask the operator to raise Documents:MaxPerTenant.", null)
            : row.GetInt64(1) + bytes > limits.MaxBytesPerTenant
            ? new DocumentRefusal(409, "documents_limit_reached", $"With this one the documents would have more than {limits.MaxBytesPerTenant:N0} bytes, as many as this tenant may have; delete some, or ask the operator to raise Documents:MaxBytesPerTenant.", null)
            : null;
    }

    private static async Task InsertChunksAsync(TenantSession session, string tenant, NewDocument document, CancellationToken cancellation)
    {
        // The title counts most and the heading more than the text; all three are folded here, so that the database's parser meets plain words only.
        await using var insert = session.Command(
            """
            INSERT INTO agentsystem.document_chunks (tenant_id, document_id, agent, number, heading, page, text, words)
            SELECT $1, $2, $3, number, heading, page, text,
                setweight(to_tsvector('agentsystem.document_words', $4), 'A')
                || setweight(to_tsvector('agentsystem.document_words', heading_words), 'B')
                || to_tsvector('agentsystem.document_words', text_words)
            FROM unnest($5::int[], $6::text[], $7::int[], $8::text[], $9::text[], $10::text[]) AS piece (number, heading, page, text, heading_words, text_words)
            """,
            tenant, document.View.Id, document.View.Agent, DocumentWords.Folded(document.View.Title),
            Array(document, chunk => chunk.Index), Array(document, chunk => chunk.Heading), Array(document, chunk => chunk.Page), Array(document, chunk => chunk.Text),
            Array(document, chunk => DocumentWords.Folded(chunk.Heading ?? "")), Array(document, chunk => DocumentWords.Folded(chunk.Text)));
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter<T[]> Array<T>(NewDocument document, Func<DocumentChunk, T> of) => new() { TypedValue = [.. document.Chunks.Select(of)] };

    private static async Task<DocumentView?> FirstAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    private static DocumentView Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), Text(row, 2), row.GetString(3), row.GetInt64(4), row.GetInt32(5), row.GetInt32(6), row.IsDBNull(7) ? null : row.GetInt32(7),
        Convert.ToHexStringLower(row.GetFieldValue<byte[]>(8)), row.GetString(9), row.GetFieldValue<DateTimeOffset>(10));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
