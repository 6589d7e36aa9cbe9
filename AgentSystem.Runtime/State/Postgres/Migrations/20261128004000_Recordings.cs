using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Answers kept while they are made, the idempotent requests that lead to them, and stored responses.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128004000_Recordings")]
internal sealed class Recordings : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(Idempotency);
        migrationBuilder.Sql(Responses);
        migrationBuilder.Sql(Cleaning);
    }

    // A block is a batch of events, each behind its length. It is never changed.
    private const string Tables = """
        CREATE TABLE agentsystem.recordings (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            owner text NOT NULL,
            state text NOT NULL CHECK (state IN ('open', 'finished', 'failed', 'abandoned')),
            events int NOT NULL CHECK (events >= 0),
            heartbeat_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL,
            ended_at timestamptz,
            expires_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        CREATE INDEX recordings_expired ON agentsystem.recordings (expires_at);
        SELECT agentsystem.isolate('agentsystem.recordings', 'SELECT, INSERT, UPDATE, DELETE');
        CREATE TABLE agentsystem.recording_blocks (
            tenant_id text NOT NULL,
            recording_id text NOT NULL,
            first int NOT NULL CHECK (first >= 0),
            count int NOT NULL CHECK (count >= 1),
            payload bytea NOT NULL,
            PRIMARY KEY (tenant_id, recording_id, first),
            FOREIGN KEY (tenant_id, recording_id) REFERENCES agentsystem.recordings ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.recording_blocks', 'SELECT, INSERT');
        """;

    // The scope is a hash of key, route and idempotency key. Deferred, because whoever loses the race for the row must not have begun a recording.
    private const string Idempotency = """
        CREATE TABLE agentsystem.idempotent_requests (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            scope bytea NOT NULL CHECK (length(scope) = 32),
            body_hash bytea NOT NULL CHECK (length(body_hash) = 32),
            recording_id text NOT NULL,
            PRIMARY KEY (tenant_id, scope),
            FOREIGN KEY (tenant_id, recording_id) REFERENCES agentsystem.recordings ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
        );
        CREATE INDEX idempotent_requests_recording ON agentsystem.idempotent_requests (tenant_id, recording_id);
        SELECT agentsystem.isolate('agentsystem.idempotent_requests', 'SELECT, INSERT, UPDATE');
        """;

    // Each response holds only its own input and output: what came before is found along previous_id. "json" keeps the order of members, which a schema's reader may go by.
    private const string Responses = """
        CREATE TABLE agentsystem.responses (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            key_id text NOT NULL,
            user_name text NOT NULL,
            previous_id text,
            recording_id text,
            background boolean NOT NULL,
            status text NOT NULL CHECK (status IN ('queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled')),
            request json NOT NULL,
            input json NOT NULL,
            output json NOT NULL,
            result json NOT NULL,
            created_at timestamptz NOT NULL,
            completed_at timestamptz,
            expires_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        CREATE INDEX responses_expired ON agentsystem.responses (expires_at);
        SELECT agentsystem.isolate('agentsystem.responses', 'SELECT, INSERT, UPDATE, DELETE');
        """;

    // Cleaning concerns every tenant and gives nothing but a number. A recording goes with its blocks and with the idempotent request that led to it.
    private const string Cleaning = """
        CREATE FUNCTION agentsystem.delete_expired_recordings(most int) RETURNS int
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH gone AS (
                DELETE FROM agentsystem.recordings WHERE (tenant_id, id) IN (
                    SELECT tenant_id, id FROM agentsystem.recordings WHERE expires_at < clock_timestamp() AND (state <> 'open' OR heartbeat_at < expires_at) ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED)
                RETURNING 1
            ) SELECT count(*)::int FROM gone
        $$;
        REVOKE ALL ON FUNCTION agentsystem.delete_expired_recordings(int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.delete_expired_recordings(int) TO agentsystem_app;
        CREATE FUNCTION agentsystem.delete_expired_responses(most int) RETURNS int
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH gone AS (
                DELETE FROM agentsystem.responses WHERE (tenant_id, id) IN (
                    SELECT tenant_id, id FROM agentsystem.responses WHERE expires_at < clock_timestamp() ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED)
                RETURNING 1
            ) SELECT count(*)::int FROM gone
        $$;
        REVOKE ALL ON FUNCTION agentsystem.delete_expired_responses(int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.delete_expired_responses(int) TO agentsystem_app;
        """;
}
