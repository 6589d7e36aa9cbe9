using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>A claim costs the same however many runs wait behind others on their thread, or for their time: such runs are not in the index that claims read.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128005000_QueueDepth")]
internal sealed class QueueDepth : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Marks);
        migrationBuilder.Sql(Queueing);
        migrationBuilder.Sql(Claiming);
    }

    // parked: another run of the thread, which is not parked itself, goes first. delayed: due_at had not come when the run was queued.
    // Rows from before are neither: claims find them, and pass over those that must wait, as they did.
    private const string Marks = """
        ALTER TABLE agentsystem.runs ADD COLUMN parked boolean NOT NULL DEFAULT false, ADD COLUMN delayed boolean NOT NULL DEFAULT false;
        DROP INDEX agentsystem.runs_ready;
        CREATE INDEX runs_ready ON agentsystem.runs (tenant_id, priority DESC, created_at, id) WHERE status = 'pending' AND NOT parked AND NOT delayed;
        CREATE INDEX runs_delayed ON agentsystem.runs (due_at) WHERE status = 'pending' AND delayed;
        """;

    // Where a thread has parked runs, one that is not parked is open, and its end takes the next one out. A run is parked under a shared lock on that other run's row:
    // if its end came first, this sees it and parks nothing; if its end comes later, it waits for this and sees the parked run. So none is forgotten.
    // A session keeps its plans: one that was made while the table was small would read all of it later, so the functions here are planned over indexes only.
    private const string Queueing = """
        CREATE FUNCTION agentsystem.queue_run() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog SET enable_seqscan = off SET enable_bitmapscan = off AS $$
        BEGIN
            NEW.delayed := NEW.due_at > clock_timestamp();
            IF TG_OP = 'UPDATE' THEN
                NEW.parked := OLD.parked AND OLD.status = 'pending';
                RETURN NEW;
            END IF;
            NEW.parked := false;
            WHILE NEW.thread_id IS NOT NULL LOOP
                PERFORM 1 FROM agentsystem.runs
                WHERE tenant_id = NEW.tenant_id AND thread_id = NEW.thread_id AND status IN ('pending', 'running', 'waiting') AND NOT parked
                ORDER BY created_at, id LIMIT 1 FOR SHARE;
                NEW.parked := FOUND;
                -- One that ended while this waited for its row is not found; another may have become the first meanwhile.
                EXIT WHEN NEW.parked OR NOT EXISTS (
                    SELECT FROM agentsystem.runs
                    WHERE tenant_id = NEW.tenant_id AND thread_id = NEW.thread_id AND status IN ('pending', 'running', 'waiting') AND NOT parked);
            END LOOP;
            RETURN NEW;
        END $$;
        CREATE TRIGGER queue_run BEFORE INSERT OR UPDATE OF status, due_at ON agentsystem.runs
            FOR EACH ROW WHEN (NEW.status = 'pending') EXECUTE FUNCTION agentsystem.queue_run();

        CREATE FUNCTION agentsystem.unpark_next_run() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog SET enable_seqscan = off SET enable_bitmapscan = off AS $$
        DECLARE
            next text;
        BEGIN
            LOOP
                SELECT id INTO next FROM agentsystem.runs
                WHERE tenant_id = NEW.tenant_id AND thread_id = NEW.thread_id AND status = 'pending' AND parked ORDER BY created_at, id LIMIT 1 FOR UPDATE;
                IF FOUND THEN
                    UPDATE agentsystem.runs SET parked = false WHERE tenant_id = NEW.tenant_id AND id = next;
                    RETURN NULL;
                END IF;
                EXIT WHEN NOT EXISTS (
                    SELECT FROM agentsystem.runs WHERE tenant_id = NEW.tenant_id AND thread_id = NEW.thread_id AND status = 'pending' AND parked);
            END LOOP;
            RETURN NULL;
        END $$;
        CREATE TRIGGER unpark_next_run AFTER UPDATE OF status ON agentsystem.runs
            FOR EACH ROW WHEN (OLD.thread_id IS NOT NULL AND NOT OLD.parked AND OLD.status IN ('pending', 'running', 'waiting') AND NEW.status NOT IN ('pending', 'running', 'waiting'))
            EXECUTE FUNCTION agentsystem.unpark_next_run();
        """;

    // As before, but for three things: what has become due is let in first (a volatile clock cannot bound an index scan, so the time is read once),
    // tenants are found in the index of ready runs, and a thread is asked in two ways that each read a few rows of one index.
    private const string Claiming = """
        CREATE OR REPLACE FUNCTION agentsystem.claim_runs(claimer text, most int, lease interval, most_attempts int) RETURNS SETOF agentsystem.runs
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off SET enable_bitmapscan = off AS $$
        DECLARE
            moment timestamptz := clock_timestamp();
            turn record;
            picked agentsystem.runs;
            taken int := 0;
            before int;
        BEGIN
            PERFORM agentsystem.reclaim_runs(most_attempts);
            UPDATE agentsystem.runs AS run SET delayed = false
            FROM (
                SELECT tenant_id, id FROM agentsystem.runs WHERE status = 'pending' AND delayed AND due_at <= moment ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED
            ) AS due
            WHERE run.tenant_id = due.tenant_id AND run.id = due.id;
            LOOP
                before := taken;
                FOR turn IN
                    WITH RECURSIVE waiting AS (
                        (SELECT tenant_id FROM agentsystem.runs WHERE status = 'pending' AND NOT parked AND NOT delayed ORDER BY tenant_id LIMIT 1)
                        UNION ALL
                        SELECT (
                            SELECT next.tenant_id FROM agentsystem.runs AS next
                            WHERE next.status = 'pending' AND NOT next.parked AND NOT next.delayed AND next.tenant_id > waiting.tenant_id ORDER BY next.tenant_id LIMIT 1)
                        FROM waiting WHERE waiting.tenant_id IS NOT NULL
                    )
                    SELECT waiting.tenant_id FROM waiting
                    LEFT JOIN (SELECT tenant_id, count(*) AS runs FROM agentsystem.runs WHERE status = 'running' GROUP BY tenant_id) AS busy USING (tenant_id)
                    WHERE waiting.tenant_id IS NOT NULL ORDER BY coalesce(busy.runs, 0), waiting.tenant_id
                LOOP
                    SELECT run.* INTO picked FROM agentsystem.runs AS run
                    WHERE run.tenant_id = turn.tenant_id AND run.status = 'pending' AND NOT run.parked AND NOT run.delayed
                        AND (run.thread_id IS NULL OR (
                            NOT EXISTS (
                                SELECT FROM agentsystem.runs AS holding
                                WHERE holding.tenant_id = run.tenant_id AND holding.thread_id = run.thread_id AND holding.status IN ('running', 'waiting'))
                            AND NOT EXISTS (
                                SELECT FROM agentsystem.runs AS older
                                WHERE older.tenant_id = run.tenant_id AND older.thread_id = run.thread_id AND older.status = 'pending' AND NOT older.parked
                                    AND (older.created_at, older.id) < (run.created_at, run.id))))
                    ORDER BY run.priority DESC, run.created_at, run.id LIMIT 1 FOR UPDATE SKIP LOCKED;
                    CONTINUE WHEN NOT FOUND;
                    BEGIN
                        UPDATE agentsystem.runs SET status = 'running', token = nextval('agentsystem.run_tokens'), holder = claimer, attempts = attempts + 1,
                            held_at = clock_timestamp(), seen_at = clock_timestamp(), lease_until = clock_timestamp() + lease, started_at = coalesce(started_at, clock_timestamp())
                        WHERE tenant_id = picked.tenant_id AND id = picked.id;
                        PERFORM agentsystem.tell_run(picked.tenant_id, picked.id, 'run.status', '{"status":"running"}');
                    EXCEPTION WHEN unique_violation THEN
                        CONTINUE;
                    END;
                    SELECT run.* INTO picked FROM agentsystem.runs AS run WHERE run.tenant_id = picked.tenant_id AND run.id = picked.id;
                    RETURN NEXT picked;
                    taken := taken + 1;
                    IF taken >= most THEN RETURN; END IF;
                END LOOP;
                EXIT WHEN taken = before;
            END LOOP;
        END $$;
        """;
}
