using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Conversations and their messages, and the way to search them.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261123002000_Threads")]
internal sealed class Threads : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(Search);
    }

    // No stemming: the language of a conversation is not known. The beginning of a text stands for it, because a tsvector holds at most 1 MB.
    private const string Tables = """
        CREATE TABLE agentsystem.threads (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            user_name text NOT NULL,
            agent text,
            title text,
            metadata jsonb NOT NULL,
            messages int NOT NULL DEFAULT 0 CHECK (messages >= 0),
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', coalesce(title, ''))) STORED,
            PRIMARY KEY (tenant_id, id)
        );
        SELECT agentsystem.isolate('agentsystem.threads', 'SELECT, INSERT, UPDATE, DELETE');
        CREATE INDEX threads_newest ON agentsystem.threads (tenant_id, updated_at DESC, id DESC);
        CREATE INDEX threads_users_newest ON agentsystem.threads (tenant_id, user_name, updated_at DESC, id DESC);
        CREATE INDEX threads_words ON agentsystem.threads USING gin (words);

        CREATE TABLE agentsystem.thread_messages (
            tenant_id text NOT NULL,
            thread_id text NOT NULL,
            number int NOT NULL CHECK (number >= 1),
            role text NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
            text text NOT NULL,
            calls jsonb NOT NULL,
            call_id text,
            request_id text,
            agent text,
            at timestamptz NOT NULL,
            words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', left(text, 50000))) STORED,
            PRIMARY KEY (tenant_id, thread_id, number),
            FOREIGN KEY (tenant_id, thread_id) REFERENCES agentsystem.threads ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.thread_messages', 'SELECT, INSERT');
        CREATE INDEX thread_messages_words ON agentsystem.thread_messages USING gin (words);
        """;

    // Row security forbids an index on a condition that could leak, and every full-text match counts as such a condition. This function runs as the
    // owner to use the indexes; it reads the session's one tenant itself and gives ids only, which the caller joins to rows that row security shows.
    private const string Search = """
        CREATE FUNCTION agentsystem.search_threads(wanted tsquery) RETURNS TABLE (thread_id text, number int)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT hit.thread_id, max(hit.number) FROM (
                SELECT message.thread_id, message.number FROM agentsystem.thread_messages AS message
                WHERE message.tenant_id = current_setting('agentsystem.tenant', true) AND message.words @@ wanted
                UNION ALL
                SELECT thread.id, 0 FROM agentsystem.threads AS thread
                WHERE thread.tenant_id = current_setting('agentsystem.tenant', true) AND thread.words @@ wanted
            ) AS hit GROUP BY hit.thread_id
        $$;
        REVOKE ALL ON FUNCTION agentsystem.search_threads(tsquery) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.search_threads(tsquery) TO agentsystem_app;
        """;
}
