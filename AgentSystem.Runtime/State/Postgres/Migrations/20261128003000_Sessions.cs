using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>The state agents keep in their sessions, what waits to be applied to it, and the conflicts about it.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128003000_Sessions")]
internal sealed class Sessions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(States);
        migrationBuilder.Sql(Outbox);
        migrationBuilder.Sql(Conflicts);
        migrationBuilder.Sql(Functions);
    }

    // A deleted session keeps its row, so that a version never comes twice. "batch" tells who wrote last, for a commit whose answer was lost.
    // Free space in the pages and no index on what changes: an update of a row stays in its page and touches no index.
    private const string States = """
        CREATE SEQUENCE agentsystem.session_sequence;
        GRANT USAGE ON SEQUENCE agentsystem.session_sequence TO agentsystem_app;
        CREATE TABLE agentsystem.sessions (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            agent text NOT NULL,
            session text NOT NULL,
            user_name text NOT NULL,
            version bigint NOT NULL CHECK (version >= 0),
            bytes int NOT NULL CHECK (bytes >= 0),
            keys int NOT NULL CHECK (keys >= 0),
            deleted boolean NOT NULL,
            batch uuid NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, agent, session)
        ) WITH (fillfactor = 70);
        SELECT agentsystem.isolate('agentsystem.sessions', 'SELECT, INSERT, UPDATE');
        CREATE TABLE agentsystem.session_keys (
            tenant_id text NOT NULL,
            agent text NOT NULL,
            session text NOT NULL,
            key text NOT NULL,
            value jsonb NOT NULL,
            bytes int NOT NULL,
            version bigint NOT NULL,
            sequence bigint NOT NULL,
            writer text NOT NULL,
            writer_agent text NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, agent, session, key),
            FOREIGN KEY (tenant_id, agent, session) REFERENCES agentsystem.sessions ON DELETE CASCADE
        ) WITH (fillfactor = 70);
        SELECT agentsystem.isolate('agentsystem.session_keys', 'SELECT, INSERT, UPDATE, DELETE');
        CREATE TABLE agentsystem.session_requests (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            body bytea NOT NULL,
            answer jsonb NOT NULL,
            at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        CREATE INDEX session_requests_oldest ON agentsystem.session_requests (at);
        SELECT agentsystem.isolate('agentsystem.session_requests', 'SELECT, INSERT, DELETE');
        """;

    private const string Outbox = """
        CREATE TABLE agentsystem.session_outbox (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            sequence bigint NOT NULL DEFAULT nextval('agentsystem.session_sequence'),
            agent text NOT NULL,
            session text NOT NULL,
            basis bigint NOT NULL,
            change jsonb NOT NULL,
            accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (tenant_id, sequence)
        );
        CREATE INDEX session_outbox_order ON agentsystem.session_outbox (tenant_id, agent, session, sequence);
        CREATE INDEX session_outbox_oldest ON agentsystem.session_outbox (sequence);
        SELECT agentsystem.isolate('agentsystem.session_outbox', 'SELECT, INSERT, DELETE');
        """;

    private const string Conflicts = """
        CREATE TABLE agentsystem.session_conflicts (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            agent text NOT NULL,
            session text NOT NULL,
            key text NOT NULL,
            reason text NOT NULL CHECK (reason IN ('changed', 'misfit', 'limit', 'not_yours')),
            rule text NOT NULL,
            current jsonb,
            current_version bigint NOT NULL,
            current_agent text,
            incoming jsonb NOT NULL,
            action text NOT NULL,
            incoming_agent text NOT NULL,
            incoming_key text NOT NULL,
            user_name text NOT NULL,
            transaction_id text NOT NULL,
            created_at timestamptz NOT NULL,
            resolved_at timestamptz,
            resolved_by text,
            kept text,
            PRIMARY KEY (tenant_id, id)
        );
        CREATE INDEX session_conflicts_open ON agentsystem.session_conflicts (tenant_id, agent, session, key) WHERE resolved_at IS NULL;
        CREATE INDEX session_conflicts_resolved ON agentsystem.session_conflicts (resolved_at) WHERE resolved_at IS NOT NULL;
        SELECT agentsystem.isolate('agentsystem.session_conflicts', 'SELECT, INSERT, UPDATE, DELETE');
        """;

    // Whoever applies what waits does so for every tenant, and must learn which have something waiting before it can name them.
    // How far the standbys are is shown to privileged users only, and no more than a number leaves here; null where the owner may not see it either.
    private const string Functions = """
        CREATE FUNCTION agentsystem.waiting_sessions(most int) RETURNS TABLE (tenant_id text, agent text, session text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT DISTINCT first.tenant_id, first.agent, first.session
            FROM (SELECT o.tenant_id, o.agent, o.session FROM agentsystem.session_outbox o ORDER BY o.sequence LIMIT most) AS first
        $$;
        REVOKE ALL ON FUNCTION agentsystem.waiting_sessions(int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.waiting_sessions(int) TO agentsystem_app;

        CREATE FUNCTION agentsystem.clear_session_requests(before timestamptz) RETURNS bigint
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH requests AS (DELETE FROM agentsystem.session_requests WHERE at < before RETURNING 1),
                 conflicts AS (DELETE FROM agentsystem.session_conflicts WHERE resolved_at < before RETURNING 1)
            SELECT (SELECT count(*) FROM requests) + (SELECT count(*) FROM conflicts)
        $$;
        REVOKE ALL ON FUNCTION agentsystem.clear_session_requests(timestamptz) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.clear_session_requests(timestamptz) TO agentsystem_app;

        CREATE FUNCTION agentsystem.confirmed_standbys() RETURNS bigint
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT CASE WHEN pg_has_role(current_user, 'pg_monitor', 'USAGE') OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                THEN (SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND flush_lsn >= pg_current_wal_flush_lsn()) END
        $$;
        REVOKE ALL ON FUNCTION agentsystem.confirmed_standbys() FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.confirmed_standbys() TO agentsystem_app;
        """;
}
