using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>The audit log: entries, the keys of their subjects, and the tree of hashes over all of them.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128101000_Audit")]
internal sealed class Audit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Entries);
        migrationBuilder.Sql(Tree);
        migrationBuilder.Sql(Reading);
        migrationBuilder.Sql(Signing);
    }

    // The body is kept as the text that was hashed; what is searched for is taken out of it by the database, so that a column cannot say anything else than the body.
    private const string Entries = """
        CREATE TABLE agentsystem.audit_entries (
            tenant_id text NOT NULL,
            stream text COLLATE "C" NOT NULL,
            sequence bigint NOT NULL CHECK (sequence >= 1),
            previous bytea NOT NULL CHECK (length(previous) = 32),
            hash bytea NOT NULL CHECK (length(hash) = 32),
            body text NOT NULL,
            at text COLLATE "C" NOT NULL GENERATED ALWAYS AS (body::jsonb->>'at') STORED,
            action text NOT NULL GENERATED ALWAYS AS (body::jsonb->>'action') STORED,
            object text NOT NULL GENERATED ALWAYS AS (regexp_replace(body::jsonb->>'object', '^(sealed:[^:]*:[^:]*):.*$', '\1')) STORED,
            actor text NOT NULL GENERATED ALWAYS AS (regexp_replace(body::jsonb->>'actor', '^(sealed:[^:]*:[^:]*):.*$', '\1')) STORED,
            decision text NOT NULL GENERATED ALWAYS AS (body::jsonb->>'decision') STORED,
            PRIMARY KEY (stream, sequence)
        );
        CREATE INDEX audit_entries_newest ON agentsystem.audit_entries (tenant_id, at DESC, stream DESC, sequence DESC);
        CREATE INDEX audit_entries_actor ON agentsystem.audit_entries (tenant_id, actor, at DESC);
        CREATE INDEX audit_entries_action ON agentsystem.audit_entries (tenant_id, action, at DESC);
        SELECT agentsystem.isolate('agentsystem.audit_entries', 'SELECT, INSERT');
        CREATE TABLE agentsystem.audit_subjects (
            tenant_id text NOT NULL,
            token bytea NOT NULL CHECK (length(token) = 32),
            id text NOT NULL,
            wrapped_key bytea NOT NULL,
            PRIMARY KEY (tenant_id, token),
            UNIQUE (tenant_id, id)
        );
        SELECT agentsystem.isolate('agentsystem.audit_subjects', 'SELECT, INSERT, DELETE');
        """;

    // Hashes of every tenant stand in one tree: closed to the app role, which adds and reads through the functions below.
    private const string Tree = """
        CREATE TABLE agentsystem.audit_streams (
            tenant_id text NOT NULL DEFAULT 'default',
            stream text COLLATE "C" PRIMARY KEY,
            rooted bigint NOT NULL DEFAULT 0
        );
        CREATE TABLE agentsystem.audit_leaves (
            tenant_id text NOT NULL DEFAULT 'default',
            place bigint PRIMARY KEY CHECK (place >= 0),
            stream text COLLATE "C" NOT NULL,
            sequence bigint NOT NULL,
            hash bytea NOT NULL CHECK (length(hash) = 32),
            UNIQUE (stream, sequence)
        );
        CREATE TABLE agentsystem.audit_nodes (
            tenant_id text NOT NULL DEFAULT 'default',
            level smallint NOT NULL CHECK (level >= 1),
            place bigint NOT NULL CHECK (place >= 0),
            hash bytea NOT NULL CHECK (length(hash) = 32),
            PRIMARY KEY (level, place)
        );
        CREATE TABLE agentsystem.audit_roots (
            tenant_id text NOT NULL DEFAULT 'default',
            size bigint PRIMARY KEY CHECK (size >= 1),
            hash bytea NOT NULL CHECK (length(hash) = 32),
            at text NOT NULL,
            signature bytea NOT NULL,
            key_id text NOT NULL
        );
        ALTER TABLE agentsystem.audit_streams ENABLE ROW LEVEL SECURITY;
        ALTER TABLE agentsystem.audit_leaves ENABLE ROW LEVEL SECURITY;
        ALTER TABLE agentsystem.audit_nodes ENABLE ROW LEVEL SECURITY;
        ALTER TABLE agentsystem.audit_roots ENABLE ROW LEVEL SECURITY;

        CREATE FUNCTION agentsystem.audit_stream_begins() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        BEGIN
            INSERT INTO agentsystem.audit_streams (stream) VALUES (NEW.stream) ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        REVOKE ALL ON FUNCTION agentsystem.audit_stream_begins() FROM PUBLIC;
        CREATE TRIGGER audit_stream_begins AFTER INSERT ON agentsystem.audit_entries
            FOR EACH ROW WHEN (NEW.sequence = 1) EXECUTE FUNCTION agentsystem.audit_stream_begins();
        """;

    // They give hashes and places, never what an entry says: that is under row security.
    private const string Reading = """
        CREATE FUNCTION agentsystem.audit_chain(behind_stream text, behind_sequence bigint, most int)
        RETURNS TABLE (stream text, sequence bigint, previous bytea, hash bytea, place bigint, leaf bytea)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT coalesce(e.stream, l.stream), coalesce(e.sequence, l.sequence), e.previous, e.hash, l.place, l.hash
            FROM (SELECT entry.stream, entry.sequence, entry.previous, entry.hash FROM agentsystem.audit_entries AS entry
                  WHERE (entry.stream, entry.sequence) > (behind_stream, behind_sequence) ORDER BY entry.stream, entry.sequence LIMIT most) AS e
            FULL JOIN (SELECT leaf.stream, leaf.sequence, leaf.place, leaf.hash FROM agentsystem.audit_leaves AS leaf
                  WHERE (leaf.stream, leaf.sequence) > (behind_stream, behind_sequence) ORDER BY leaf.stream, leaf.sequence LIMIT most) AS l
                ON l.stream = e.stream AND l.sequence = e.sequence
            ORDER BY 1, 2 LIMIT most
        $$;
        CREATE FUNCTION agentsystem.audit_roots_behind(behind bigint, most int) RETURNS TABLE (size bigint, hash bytea, at text, signature bytea, key_id text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT root.size, root.hash, root.at, root.signature, root.key_id FROM agentsystem.audit_roots AS root WHERE root.size > behind ORDER BY root.size LIMIT most
        $$;
        CREATE FUNCTION agentsystem.audit_roots_before(before bigint, most int) RETURNS TABLE (size bigint, hash bytea, at text, signature bytea, key_id text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT root.size, root.hash, root.at, root.signature, root.key_id FROM agentsystem.audit_roots AS root WHERE root.size < before ORDER BY root.size DESC LIMIT most
        $$;
        CREATE FUNCTION agentsystem.audit_nodes_at(levels smallint[], places bigint[]) RETURNS TABLE (level smallint, place bigint, hash bytea)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT wanted.level, wanted.place, CASE WHEN wanted.level = 0 THEN sha256('\x00'::bytea || leaf.hash) ELSE node.hash END
            FROM unnest(levels, places) AS wanted (level, place)
            LEFT JOIN agentsystem.audit_leaves AS leaf ON wanted.level = 0 AND leaf.place = wanted.place
            LEFT JOIN agentsystem.audit_nodes AS node ON node.level = wanted.level AND node.place = wanted.place
            WHERE coalesce(leaf.hash, node.hash) IS NOT NULL
        $$;
        CREATE FUNCTION agentsystem.audit_place(of_stream text, of_sequence bigint) RETURNS bigint
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT leaf.place FROM agentsystem.audit_leaves AS leaf WHERE leaf.stream = of_stream AND leaf.sequence = of_sequence
        $$;
        CREATE FUNCTION agentsystem.audit_last(of_stream text) RETURNS TABLE (sequence bigint, hash bytea)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT entry.sequence, entry.hash FROM agentsystem.audit_entries AS entry WHERE entry.stream = of_stream ORDER BY entry.sequence DESC LIMIT 1
        $$;
        CREATE FUNCTION agentsystem.audit_tenants() RETURNS TABLE (tenant_id text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$ SELECT known.tenant_id FROM agentsystem.tenants AS known $$;
        REVOKE ALL ON FUNCTION agentsystem.audit_chain(text, bigint, int), agentsystem.audit_roots_behind(bigint, int), agentsystem.audit_roots_before(bigint, int),
            agentsystem.audit_nodes_at(smallint[], bigint[]), agentsystem.audit_place(text, bigint), agentsystem.audit_last(text), agentsystem.audit_tenants() FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.audit_chain(text, bigint, int), agentsystem.audit_roots_behind(bigint, int), agentsystem.audit_roots_before(bigint, int),
            agentsystem.audit_nodes_at(smallint[], bigint[]), agentsystem.audit_place(text, bigint), agentsystem.audit_last(text), agentsystem.audit_tenants() TO agentsystem_app;
        """;

    // Whoever signs takes the lock for its transaction; what is signed is added, and nothing of it can be changed.
    private const string Signing = """
        CREATE FUNCTION agentsystem.audit_unrooted(most int) RETURNS TABLE (stream text, sequence bigint, hash bytea)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT entry.stream, entry.sequence, entry.hash FROM agentsystem.audit_streams AS known
            JOIN agentsystem.audit_entries AS entry ON entry.stream = known.stream AND entry.sequence > known.rooted
            ORDER BY entry.stream, entry.sequence LIMIT most
        $$;
        CREATE FUNCTION agentsystem.audit_append(
            first bigint, streams text[], sequences bigint[], hashes bytea[], levels smallint[], places bigint[], nodes bytea[],
            root_hash bytea, root_at text, root_signature bytea, root_key text) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        BEGIN
            IF first <> (SELECT coalesce(max(root.size), 0) FROM agentsystem.audit_roots AS root) THEN
                RAISE EXCEPTION 'the newest audit root is not over % entries', first;
            END IF;
            INSERT INTO agentsystem.audit_leaves (place, stream, sequence, hash)
                SELECT first + leaf.number - 1, leaf.stream, leaf.sequence, leaf.hash
                FROM unnest(streams, sequences, hashes) WITH ORDINALITY AS leaf (stream, sequence, hash, number);
            INSERT INTO agentsystem.audit_nodes (level, place, hash) SELECT * FROM unnest(levels, places, nodes);
            UPDATE agentsystem.audit_streams AS known SET rooted = top.sequence
                FROM (SELECT leaf.stream, max(leaf.sequence) AS sequence FROM unnest(streams, sequences) AS leaf (stream, sequence) GROUP BY leaf.stream) AS top
                WHERE known.stream = top.stream;
            INSERT INTO agentsystem.audit_roots (size, hash, at, signature, key_id) VALUES (first + cardinality(streams), root_hash, root_at, root_signature, root_key);
        END $$;
        REVOKE ALL ON FUNCTION agentsystem.audit_unrooted(int), agentsystem.audit_append(bigint, text[], bigint[], bytea[], smallint[], bigint[], bytea[], bytea, text, bytea, text) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.audit_unrooted(int), agentsystem.audit_append(bigint, text[], bigint[], bytea[], smallint[], bigint[], bytea[], bytea, text, bytea, text) TO agentsystem_app;
        """;
}
