using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Documents and the pieces they are searched by.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261123003000_Documents")]
internal sealed class Documents : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(Words);
        migrationBuilder.Sql(Search);
    }

    // A place is a tenant and an agent, or all agents: the same bytes are kept once in each.
    private const string Tables = """
        CREATE TABLE agentsystem.documents (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            title text NOT NULL,
            title_folded text NOT NULL,
            agent text CHECK (agent <> ''),
            media_type text NOT NULL,
            bytes bigint NOT NULL,
            characters int NOT NULL,
            chunks int NOT NULL,
            pages int,
            sha256 bytea NOT NULL CHECK (length(sha256) = 32),
            created_by text NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        CREATE UNIQUE INDEX documents_once ON agentsystem.documents (tenant_id, coalesce(agent, ''), sha256);
        SELECT agentsystem.isolate('agentsystem.documents', 'SELECT, INSERT, DELETE');
        CREATE TABLE agentsystem.document_chunks (
            tenant_id text NOT NULL,
            document_id text NOT NULL,
            number int NOT NULL CHECK (number >= 1),
            agent text,
            heading text,
            page int,
            text text NOT NULL,
            words tsvector NOT NULL,
            PRIMARY KEY (tenant_id, document_id, number),
            FOREIGN KEY (tenant_id, document_id) REFERENCES agentsystem.documents ON DELETE CASCADE
        );
        CREATE INDEX document_chunks_words ON agentsystem.document_chunks USING gin (words);
        SELECT agentsystem.isolate('agentsystem.document_chunks', 'SELECT, INSERT, DELETE');
        """;

    // The index has every word, also "it" and "the"; whether a query leaves such words out is the query's affair.
    private const string Words = """
        CREATE TEXT SEARCH DICTIONARY agentsystem.document_stem (TEMPLATE = pg_catalog.snowball, LANGUAGE = english);
        CREATE TEXT SEARCH CONFIGURATION agentsystem.document_words (COPY = pg_catalog.english);
        ALTER TEXT SEARCH CONFIGURATION agentsystem.document_words ALTER MAPPING REPLACE pg_catalog.english_stem WITH agentsystem.document_stem;
        """;

    // Row security would keep the planner off the index: the match operator is not leakproof, so it may not look at a row before the policy did.
    // This function runs as the owner and holds to the session's tenant itself. At most 20,000 pieces are ranked.
    private const string Search = """
        CREATE FUNCTION agentsystem.search_document_chunks(wanted tsquery, for_agent text, stems text[], fewest int, most int)
        RETURNS TABLE (document_id text, title text, number int, heading text, page int, body text, matched int, rank real)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT found.* FROM (
                SELECT c.document_id, d.title, c.number, c.heading, c.page, c.text AS body,
                    (SELECT count(*)::int FROM unnest(stems) AS stem WHERE stem = ANY (tsvector_to_array(c.words))) AS matched,
                    ts_rank_cd('{0.2, 0.2, 0.5, 0.7}', c.words, wanted, 33) AS rank
                FROM agentsystem.document_chunks c
                JOIN agentsystem.documents d ON d.tenant_id = c.tenant_id AND d.id = c.document_id
                WHERE c.tenant_id = current_setting('agentsystem.tenant', true)
                    AND (c.agent IS NULL OR c.agent = for_agent)
                    AND c.words @@ wanted
                LIMIT 20000
            ) AS found
            WHERE found.matched >= fewest
            ORDER BY found.matched DESC, found.rank DESC, found.document_id DESC, found.number
            LIMIT most
        $$;
        REVOKE ALL ON FUNCTION agentsystem.search_document_chunks(tsquery, text, text[], int, int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.search_document_chunks(tsquery, text, text[], int, int) TO agentsystem_app;
        """;
}
