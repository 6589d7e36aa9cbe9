using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Memories with kinds, intervals and origins; what they name; their vectors by embedding; what waits for the index.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128106000_Memory")]
internal sealed class Memory : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Rows);
        migrationBuilder.Sql(Graph);
        migrationBuilder.Sql(Vectors);
        migrationBuilder.Sql(Outbox);
        migrationBuilder.Sql(Searching);
        migrationBuilder.Sql(Keeping);
        migrationBuilder.Sql(Existing);
    }

    // Vectors move to a table of their own, one per embedding; the old columns stay for processes of the version before. A superseded memory keeps its row.
    // Every change leaves the version before in the history; "past" marks one whose interval was over when the memory became true again, and so stays true of its time.
    private const string Rows = """
        ALTER TABLE agentsystem.memories ALTER COLUMN embedding DROP NOT NULL, ALTER COLUMN vector DROP NOT NULL,
            ADD COLUMN kind text NOT NULL DEFAULT 'semantic' CHECK (kind IN ('episodic', 'semantic', 'procedural', 'working')),
            ADD COLUMN thread_id text,
            ADD COLUMN valid_from timestamptz,
            ADD COLUMN valid_to timestamptz,
            ADD COLUMN recorded_at timestamptz,
            ADD COLUMN superseded_at timestamptz,
            ADD COLUMN superseded_by text,
            ADD COLUMN subject text,
            ADD COLUMN expires_at timestamptz,
            ADD COLUMN forgotten_at timestamptz,
            ADD COLUMN trust text NOT NULL DEFAULT 'agent' CHECK (trust IN ('stated', 'agent', 'derived')),
            ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version >= 1),
            ADD COLUMN origin jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN words tsvector;
        UPDATE agentsystem.memories SET valid_from = at, recorded_at = at, origin = '{"tool":"remember"}';
        ALTER TABLE agentsystem.memories DROP CONSTRAINT memories_tenant_id_user_name_agent_text_hash_key;
        CREATE UNIQUE INDEX memories_once ON agentsystem.memories (tenant_id, user_name, agent, kind, coalesce(thread_id, ''), text_hash) WHERE forgotten_at IS NULL;
        CREATE INDEX memories_subject ON agentsystem.memories (tenant_id, user_name, agent, subject) WHERE subject IS NOT NULL AND superseded_at IS NULL AND forgotten_at IS NULL;
        CREATE INDEX memories_thread ON agentsystem.memories (tenant_id, thread_id) WHERE thread_id IS NOT NULL;
        CREATE INDEX memories_expiring ON agentsystem.memories (expires_at) WHERE expires_at IS NOT NULL;
        CREATE INDEX memories_kinds ON agentsystem.memories (kind, at);
        CREATE INDEX memories_times ON agentsystem.memories (tenant_id, user_name, agent, valid_from DESC, id DESC);
        CREATE INDEX memories_listed ON agentsystem.memories (tenant_id, id DESC);
        CREATE INDEX memories_words ON agentsystem.memories USING gin (words);
        CREATE TABLE agentsystem.memory_history (
            tenant_id text NOT NULL,
            memory_id text NOT NULL,
            version bigint NOT NULL,
            text text NOT NULL,
            valid_from timestamptz NOT NULL,
            valid_to timestamptz,
            recorded_from timestamptz NOT NULL,
            recorded_to timestamptz NOT NULL,
            past boolean NOT NULL DEFAULT false,
            PRIMARY KEY (tenant_id, memory_id, version),
            FOREIGN KEY (tenant_id, memory_id) REFERENCES agentsystem.memories ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.memory_history', 'SELECT, INSERT, DELETE');
        """;

    // A thing is its folded name within one scope. "with" is the relation of two things that one memory names.
    private const string Graph = """
        CREATE TABLE agentsystem.memory_entities (
            tenant_id text NOT NULL,
            memory_id text NOT NULL,
            folded text NOT NULL,
            user_name text NOT NULL,
            agent text NOT NULL,
            name text NOT NULL,
            type text NOT NULL,
            PRIMARY KEY (tenant_id, memory_id, folded),
            FOREIGN KEY (tenant_id, memory_id) REFERENCES agentsystem.memories ON DELETE CASCADE
        );
        CREATE INDEX memory_entities_named ON agentsystem.memory_entities (tenant_id, user_name, agent, folded, memory_id);
        SELECT agentsystem.isolate('agentsystem.memory_entities', 'SELECT, INSERT, DELETE');
        CREATE TABLE agentsystem.memory_edges (
            tenant_id text NOT NULL,
            memory_id text NOT NULL,
            from_entity text NOT NULL,
            relation text NOT NULL,
            to_entity text NOT NULL,
            PRIMARY KEY (tenant_id, memory_id, from_entity, relation, to_entity),
            FOREIGN KEY (tenant_id, memory_id) REFERENCES agentsystem.memories ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.memory_edges', 'SELECT, INSERT, DELETE');
        """;

    // "changed" is the transaction that wrote the row: a reader that remembers the oldest transaction still open at its last look misses nothing, in whatever order they commit.
    // A removed vector leaves its row for a while, so that every process learns of it.
    private const string Vectors = """
        CREATE TABLE agentsystem.memory_vectors (
            tenant_id text NOT NULL,
            memory_id text NOT NULL,
            embedding text NOT NULL,
            user_name text NOT NULL,
            agent text NOT NULL,
            version bigint NOT NULL,
            vector bytea,
            changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
            removed_at timestamptz,
            PRIMARY KEY (tenant_id, memory_id, embedding)
        );
        CREATE INDEX memory_vectors_changed ON agentsystem.memory_vectors (tenant_id, user_name, agent, embedding, changed);
        CREATE INDEX memory_vectors_removed ON agentsystem.memory_vectors (removed_at) WHERE removed_at IS NOT NULL;
        SELECT agentsystem.isolate('agentsystem.memory_vectors', 'SELECT, INSERT, UPDATE, DELETE');
        CREATE FUNCTION agentsystem.drop_memory_vectors() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            UPDATE agentsystem.memory_vectors SET vector = NULL, changed = pg_current_xact_id(), removed_at = clock_timestamp()
            WHERE tenant_id = OLD.tenant_id AND memory_id = OLD.id AND vector IS NOT NULL;
            RETURN NULL;
        END $$;
        CREATE TRIGGER drop_memory_vectors AFTER DELETE ON agentsystem.memories FOR EACH ROW EXECUTE FUNCTION agentsystem.drop_memory_vectors();
        CREATE TRIGGER forget_memory_vectors AFTER UPDATE OF forgotten_at ON agentsystem.memories
            FOR EACH ROW WHEN (NEW.forgotten_at IS NOT NULL) EXECUTE FUNCTION agentsystem.drop_memory_vectors();
        """;

    private const string Outbox = """
        CREATE TABLE agentsystem.memory_outbox (
            tenant_id text NOT NULL,
            sequence bigint GENERATED BY DEFAULT AS IDENTITY,
            memory_id text NOT NULL,
            version bigint NOT NULL,
            queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            attempts int NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant_id, sequence),
            FOREIGN KEY (tenant_id, memory_id) REFERENCES agentsystem.memories ON DELETE CASCADE
        );
        CREATE INDEX memory_outbox_due ON agentsystem.memory_outbox (due_at, sequence);
        CREATE INDEX memory_outbox_memory ON agentsystem.memory_outbox (tenant_id, memory_id);
        SELECT agentsystem.isolate('agentsystem.memory_outbox', 'SELECT, INSERT, DELETE');
        CREATE FUNCTION agentsystem.claim_memory_outbox(most int, lease interval) RETURNS TABLE (tenant_id text, sequence bigint, memory_id text, version bigint, queued_at timestamptz)
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            UPDATE agentsystem.memory_outbox AS o SET due_at = clock_timestamp() + lease * least(1 + o.attempts, 20), attempts = o.attempts + 1
            WHERE (o.tenant_id, o.sequence) IN (
                SELECT w.tenant_id, w.sequence FROM agentsystem.memory_outbox AS w WHERE w.due_at <= clock_timestamp() ORDER BY w.due_at, w.sequence LIMIT most FOR UPDATE SKIP LOCKED)
            RETURNING o.tenant_id, o.sequence, o.memory_id, o.version, o.queued_at
        $$;
        REVOKE ALL ON FUNCTION agentsystem.claim_memory_outbox(int, interval) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.claim_memory_outbox(int, interval) TO agentsystem_app;
        CREATE FUNCTION agentsystem.queue_memories_without(embedding_id text, most int) RETURNS int
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH queued AS (
                INSERT INTO agentsystem.memory_outbox (tenant_id, memory_id, version)
                SELECT m.tenant_id, m.id, m.version FROM agentsystem.memories AS m
                WHERE m.forgotten_at IS NULL AND m.kind IN ('episodic', 'semantic')
                    AND NOT EXISTS (SELECT FROM agentsystem.memory_vectors AS v WHERE v.tenant_id = m.tenant_id AND v.memory_id = m.id AND v.embedding = embedding_id AND v.version = m.version)
                    AND NOT EXISTS (SELECT FROM agentsystem.memory_outbox AS o WHERE o.tenant_id = m.tenant_id AND o.memory_id = m.id)
                LIMIT most RETURNING 1
            ) SELECT count(*)::int FROM queued
        $$;
        REVOKE ALL ON FUNCTION agentsystem.queue_memories_without(text, int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.queue_memories_without(text, int) TO agentsystem_app;
        """;

    // Row security would keep the planner off the index of words, see search_document_chunks: this runs as the owner and holds to the session's tenant itself.
    // Of a word that stands everywhere 500 are looked at; a rare one is found wherever it stands. Those that hold most of the words come first.
    private const string Searching = """
        CREATE FUNCTION agentsystem.search_memory_words(for_user text, for_agent text, wanted text[], most int) RETURNS TABLE (id text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT found.id FROM unnest(wanted) AS word CROSS JOIN LATERAL (
                SELECT m.id FROM agentsystem.memories AS m
                WHERE m.tenant_id = current_setting('agentsystem.tenant', true) AND m.user_name = for_user AND m.agent = for_agent AND m.forgotten_at IS NULL AND m.words @@ word::tsquery
                LIMIT 500
            ) AS found
            GROUP BY found.id ORDER BY count(*) DESC, found.id DESC LIMIT most
        $$;
        REVOKE ALL ON FUNCTION agentsystem.search_memory_words(text, text, text[], int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.search_memory_words(text, text, text[], int) TO agentsystem_app;
        """;

    // Keeping concerns every tenant and gives nothing but numbers.
    private const string Keeping = """
        CREATE FUNCTION agentsystem.delete_expired_memories(moment timestamptz, most int) RETURNS int
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH gone AS (
                DELETE FROM agentsystem.memories WHERE (tenant_id, id) IN (
                    SELECT m.tenant_id, m.id FROM agentsystem.memories AS m WHERE m.expires_at < moment ORDER BY m.expires_at LIMIT most FOR UPDATE SKIP LOCKED)
                RETURNING 1
            ) SELECT count(*)::int FROM gone
        $$;
        CREATE FUNCTION agentsystem.delete_old_memories(of_kind text, before timestamptz, most int) RETURNS int
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH gone AS (
                DELETE FROM agentsystem.memories WHERE (tenant_id, id) IN (
                    SELECT m.tenant_id, m.id FROM agentsystem.memories AS m WHERE m.kind = of_kind AND m.at < before LIMIT most FOR UPDATE SKIP LOCKED)
                RETURNING 1
            ) SELECT count(*)::int FROM gone
        $$;
        CREATE FUNCTION agentsystem.delete_removed_memory_vectors(before timestamptz, most int) RETURNS int
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH gone AS (
                DELETE FROM agentsystem.memory_vectors WHERE (tenant_id, memory_id, embedding) IN (
                    SELECT v.tenant_id, v.memory_id, v.embedding FROM agentsystem.memory_vectors AS v WHERE v.removed_at < before LIMIT most FOR UPDATE SKIP LOCKED)
                RETURNING 1
            ) SELECT count(*)::int FROM gone
        $$;
        CREATE FUNCTION agentsystem.delete_other_memory_vectors(embedding_id text, most int) RETURNS int
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH gone AS (
                DELETE FROM agentsystem.memory_vectors WHERE (tenant_id, memory_id, embedding) IN (
                    SELECT v.tenant_id, v.memory_id, v.embedding FROM agentsystem.memory_vectors AS v WHERE v.embedding <> embedding_id AND v.removed_at IS NULL
                        AND EXISTS (SELECT FROM agentsystem.memory_vectors AS n WHERE n.tenant_id = v.tenant_id AND n.memory_id = v.memory_id AND n.embedding = embedding_id AND n.vector IS NOT NULL)
                    LIMIT most FOR UPDATE SKIP LOCKED)
                RETURNING 1
            ) SELECT count(*)::int FROM gone
        $$;
        CREATE FUNCTION agentsystem.memory_scopes_with_old(of_kind text, before timestamptz, most int) RETURNS TABLE (tenant_id text, user_name text, agent text, old bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT m.tenant_id, m.user_name, m.agent, count(*) FROM agentsystem.memories AS m
            WHERE m.kind = of_kind AND m.at < before AND m.superseded_at IS NULL AND m.forgotten_at IS NULL
            GROUP BY 1, 2, 3 HAVING count(*) > 1 ORDER BY 4 DESC LIMIT most
        $$;
        REVOKE ALL ON FUNCTION agentsystem.delete_expired_memories(timestamptz, int), agentsystem.delete_old_memories(text, timestamptz, int),
            agentsystem.delete_removed_memory_vectors(timestamptz, int), agentsystem.delete_other_memory_vectors(text, int), agentsystem.memory_scopes_with_old(text, timestamptz, int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.delete_expired_memories(timestamptz, int), agentsystem.delete_old_memories(text, timestamptz, int),
            agentsystem.delete_removed_memory_vectors(timestamptz, int), agentsystem.delete_other_memory_vectors(text, int), agentsystem.memory_scopes_with_old(text, timestamptz, int) TO agentsystem_app;
        """;

    // What was there before gets its words, things and vector from the index worker.
    private const string Existing = """
        INSERT INTO agentsystem.memory_vectors (tenant_id, memory_id, embedding, user_name, agent, version, vector)
            SELECT tenant_id, id, embedding, user_name, agent, version, vector FROM agentsystem.memories WHERE vector IS NOT NULL;
        INSERT INTO agentsystem.memory_outbox (tenant_id, memory_id, version) SELECT tenant_id, id, version FROM agentsystem.memories;
        """;
}
