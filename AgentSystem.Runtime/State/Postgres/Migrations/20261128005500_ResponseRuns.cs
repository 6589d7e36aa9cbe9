using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Background responses are made by runs: recordings that another process goes on with, and one end for both.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128005500_ResponseRuns")]
internal sealed class ResponseRuns : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Columns);
        migrationBuilder.Sql(Ending);
        migrationBuilder.Sql(Deleting);
        migrationBuilder.Sql(Cleaning);
    }

    // What is to be done is kept beside the response, and only until its run ends: a chain of n responses goes on costing O(n).
    private const string Columns = """
        ALTER TABLE agentsystem.responses ADD COLUMN work text;
        ALTER TABLE agentsystem.recordings ADD COLUMN resumable boolean NOT NULL DEFAULT false, ADD COLUMN term int NOT NULL DEFAULT 0;
        """;

    // Whatever ends the run first (a cancellation, another run on the thread, a key that was revoked, attempts that are used up) ends the response. A run that was executed to its end
    // has ended its response before. A dead letter it is not: nobody could be given the answer of a retry.
    private const string Ending = """
        CREATE FUNCTION agentsystem.end_response() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        DECLARE
            stopped boolean := NEW.status IN ('cancelled', 'interrupted');
            recorded text;
            told text := CASE WHEN NEW.dead_at IS NULL THEN coalesce(NEW.error->>'message', 'The run ended without its response.')
                ELSE format('The response was begun %s times and each time its worker was lost before it made progress; send the request again.', NEW.attempts) END;
        BEGIN
            UPDATE agentsystem.responses SET work = NULL WHERE tenant_id = NEW.tenant_id AND id = substr(NEW.id, length('run_') + 1) AND work IS NOT NULL;
            UPDATE agentsystem.responses SET status = CASE WHEN stopped THEN 'cancelled' ELSE 'failed' END, completed_at = clock_timestamp(), result = json_build_object(
                'error', CASE WHEN NOT stopped THEN json_build_object('code', coalesce(NEW.error->>'code', 'server_error'), 'message', told) END,
                'incomplete_details', NULL,
                'usage', json_build_object('input_tokens', NEW.input_tokens, 'input_tokens_details', json_build_object('cached_tokens', 0), 'output_tokens', NEW.output_tokens,
                    'output_tokens_details', json_build_object('reasoning_tokens', 0), 'total_tokens', NEW.input_tokens + NEW.output_tokens),
                'agentsystem', json_build_object('run_id', NEW.id))
            WHERE tenant_id = NEW.tenant_id AND id = substr(NEW.id, length('run_') + 1) AND status IN ('queued', 'in_progress') RETURNING recording_id INTO recorded;
            IF NOT FOUND THEN RETURN NULL; END IF;
            UPDATE agentsystem.runs SET dead_at = NULL WHERE tenant_id = NEW.tenant_id AND id = NEW.id AND dead_at IS NOT NULL;
            UPDATE agentsystem.recordings SET state = 'failed', ended_at = clock_timestamp(), expires_at = clock_timestamp() + (expires_at - created_at)
            WHERE tenant_id = NEW.tenant_id AND id = recorded AND state = 'open';
            PERFORM pg_notify('agentsystem_recordings', recorded);
            RETURN NULL;
        END $$;
        CREATE TRIGGER end_response AFTER UPDATE OF status ON agentsystem.runs
            FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status AND NEW.status NOT IN ('pending', 'running', 'waiting') AND NEW.id LIKE 'run\_resp\_%')
            EXECUTE FUNCTION agentsystem.end_response();
        """;

    // With a response goes its run, whose steps say the same. Runs are otherwise never deleted, so the app role may not: this does it as the owner, for this one run.
    private const string Deleting = """
        CREATE FUNCTION agentsystem.delete_response_run() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        BEGIN
            DELETE FROM agentsystem.runs WHERE tenant_id = OLD.tenant_id AND id = 'run_' || OLD.id;
            IF FOUND THEN PERFORM pg_notify('agentsystem_run_stopped', 'run_' || OLD.id); END IF;
            RETURN NULL;
        END $$;
        REVOKE ALL ON FUNCTION agentsystem.delete_response_run() FROM PUBLIC;
        CREATE TRIGGER delete_response_run AFTER DELETE ON agentsystem.responses
            FOR EACH ROW WHEN (OLD.background) EXECUTE FUNCTION agentsystem.delete_response_run();
        """;

    // A response may wait for a person for longer than its events are kept after its end.
    private const string Cleaning = """
        CREATE OR REPLACE FUNCTION agentsystem.delete_expired_recordings(most int) RETURNS int
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH gone AS (
                DELETE FROM agentsystem.recordings WHERE (tenant_id, id) IN (
                    SELECT tenant_id, id FROM agentsystem.recordings
                    WHERE expires_at < clock_timestamp() AND (state <> 'open' OR (NOT resumable AND heartbeat_at < expires_at)) ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED)
                RETURNING 1
            ) SELECT count(*)::int FROM gone
        $$;
        """;
}
