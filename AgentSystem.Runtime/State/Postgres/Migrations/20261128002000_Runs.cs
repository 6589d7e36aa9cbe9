using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Runs, their journal, their events, and the queue they are claimed from.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128002000_Runs")]
internal sealed class Runs : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(Telling);
        migrationBuilder.Sql(Reclaiming);
        migrationBuilder.Sql(Claiming);
        migrationBuilder.Sql(Keys);
    }

    // A run's row is written with each of its steps: room on the page and no index on what changes keep these writes from touching any index.
    // Texts of models and tools are text, not jsonb: jsonb refuses U+0000 even as an escape, and nothing here looks into them.
    private const string Tables = """
        CREATE SEQUENCE agentsystem.run_tokens;
        CREATE TABLE agentsystem.runs (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            user_name text NOT NULL,
            caller jsonb NOT NULL,
            agent text NOT NULL,
            agent_version int,
            thread_id text,
            begins_thread boolean NOT NULL DEFAULT false,
            thread_messages int,
            input text NOT NULL,
            status text NOT NULL CHECK (status IN ('pending', 'running', 'waiting', 'success', 'error', 'timeout', 'interrupted', 'cancelled')),
            output text,
            error jsonb,
            priority int NOT NULL DEFAULT 0,
            attempts int NOT NULL DEFAULT 0,
            due_at timestamptz NOT NULL DEFAULT now(),
            token bigint NOT NULL DEFAULT 0,
            holder text,
            held_at timestamptz,
            seen_at timestamptz,
            lease_until timestamptz,
            used interval NOT NULL DEFAULT '0',
            steps int NOT NULL DEFAULT 0,
            events bigint NOT NULL DEFAULT 0,
            input_tokens bigint NOT NULL DEFAULT 0,
            output_tokens bigint NOT NULL DEFAULT 0,
            cost_usd numeric NOT NULL DEFAULT 0,
            budget_usd numeric,
            webhook text,
            forked_from text,
            fork_step int,
            schedule_id text,
            created_at timestamptz NOT NULL,
            started_at timestamptz,
            finished_at timestamptz,
            dead_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        ) WITH (fillfactor = 70);
        SELECT agentsystem.isolate('agentsystem.runs', 'SELECT, INSERT, UPDATE');
        CREATE INDEX runs_ready ON agentsystem.runs (tenant_id, priority DESC, created_at, id) WHERE status = 'pending';
        CREATE INDEX runs_held ON agentsystem.runs (tenant_id) WHERE status = 'running';
        CREATE UNIQUE INDEX runs_one_on_thread ON agentsystem.runs (tenant_id, thread_id) WHERE thread_id IS NOT NULL AND status IN ('running', 'waiting');
        CREATE INDEX runs_open_on_thread ON agentsystem.runs (tenant_id, thread_id, created_at, id) WHERE thread_id IS NOT NULL AND status IN ('pending', 'running', 'waiting');
        CREATE INDEX runs_newest ON agentsystem.runs (tenant_id, created_at DESC, id DESC);
        CREATE INDEX runs_dead ON agentsystem.runs (tenant_id, created_at DESC, id DESC) WHERE dead_at IS NOT NULL;

        CREATE TABLE agentsystem.run_steps (
            tenant_id text NOT NULL,
            run_id text NOT NULL,
            index int NOT NULL CHECK (index >= 1),
            key text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('model', 'tool')),
            name text NOT NULL,
            status text NOT NULL CHECK (status IN ('running', 'planned', 'started', 'done', 'unknown')),
            result text,
            call_id text,
            effect text CHECK (effect IN ('read', 'idempotent', 'once', 'unsafe')),
            arguments text,
            arguments_hash text,
            decision jsonb,
            attempts int NOT NULL DEFAULT 1,
            input_tokens bigint NOT NULL DEFAULT 0,
            output_tokens bigint NOT NULL DEFAULT 0,
            cost_usd numeric NOT NULL DEFAULT 0,
            started_at timestamptz NOT NULL,
            finished_at timestamptz,
            PRIMARY KEY (tenant_id, run_id, index),
            UNIQUE (tenant_id, run_id, key),
            FOREIGN KEY (tenant_id, run_id) REFERENCES agentsystem.runs ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.run_steps', 'SELECT, INSERT, UPDATE');

        CREATE TABLE agentsystem.run_events (
            tenant_id text NOT NULL,
            run_id text NOT NULL,
            number bigint NOT NULL CHECK (number >= 1),
            type text NOT NULL,
            data text NOT NULL,
            at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, run_id, number),
            FOREIGN KEY (tenant_id, run_id) REFERENCES agentsystem.runs ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.run_events', 'SELECT, INSERT');
        """;

    // The run's row is locked by the update, so events of one run are numbered in the order in which they are committed: a reader that has seen number n has seen all before it.
    private const string Telling = """
        CREATE FUNCTION agentsystem.tell_run(tenant text, run text, kind text, body text) RETURNS bigint
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        DECLARE
            told bigint;
        BEGIN
            UPDATE agentsystem.runs SET events = events + 1 WHERE tenant_id = tenant AND id = run RETURNING events INTO told;
            IF told IS NULL THEN RETURN NULL; END IF;
            INSERT INTO agentsystem.run_events (tenant_id, run_id, number, type, data, at) VALUES (tenant, run, told, kind, body, clock_timestamp());
            PERFORM pg_notify('agentsystem_run_changed', run);
            RETURN told;
        END $$;
        REVOKE ALL ON FUNCTION agentsystem.tell_run(text, text, text, text) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.tell_run(text, text, text, text) TO agentsystem_app;
        """;

    // Runs whose holder gives no sign of life: back into the queue, or to the dead letters. Work in the dark is not counted: only the time until the last sign.
    private const string Reclaiming = """
        CREATE FUNCTION agentsystem.reclaim_runs(most_attempts int) RETURNS void
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        DECLARE
            lost record;
            failure jsonb;
        BEGIN
            FOR lost IN SELECT tenant_id, id, attempts FROM agentsystem.runs WHERE status = 'running' AND lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED LOOP
                IF lost.attempts < most_attempts THEN
                    UPDATE agentsystem.runs SET status = 'pending', holder = NULL, lease_until = NULL, used = used + (seen_at - held_at), due_at = clock_timestamp()
                    WHERE tenant_id = lost.tenant_id AND id = lost.id;
                    PERFORM agentsystem.tell_run(lost.tenant_id, lost.id, 'run.status', '{"status":"pending"}');
                    CONTINUE;
                END IF;
                failure := jsonb_build_object('code', 'attempts_exhausted', 'message', format('The run was begun %s times and each time the worker was lost before it made progress; look at the workers, then retry it at /api/v1/dead-letters.', lost.attempts));
                UPDATE agentsystem.runs SET status = 'error', error = failure, holder = NULL, lease_until = NULL, used = used + (seen_at - held_at),
                    finished_at = clock_timestamp(), dead_at = clock_timestamp()
                WHERE tenant_id = lost.tenant_id AND id = lost.id;
                UPDATE agentsystem.run_steps SET status = 'unknown' WHERE tenant_id = lost.tenant_id AND run_id = lost.id AND status IN ('running', 'started');
                PERFORM agentsystem.tell_run(lost.tenant_id, lost.id, 'run.status', '{"status":"error"}');
                PERFORM agentsystem.tell_run(lost.tenant_id, lost.id, 'run.finished', jsonb_build_object('status', 'error', 'output', NULL, 'error', failure)::text);
            END LOOP;
        END $$;
        REVOKE ALL ON FUNCTION agentsystem.reclaim_runs(int) FROM PUBLIC;
        """;

    // A claimer knows no tenant, so it cannot see keys. This tells it one thing about one key: whether it was taken back or has run out.
    private const string Keys = """
        CREATE FUNCTION agentsystem.key_holds(tenant text, key text) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT NOT EXISTS (SELECT FROM agentsystem.api_keys WHERE tenant_id = tenant AND id = key AND (revoked_at IS NOT NULL OR expires_at <= clock_timestamp()))
        $$;
        REVOKE ALL ON FUNCTION agentsystem.key_holds(text, text) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.key_holds(text, text) TO agentsystem_app;
        """;

    // The queue is everybody's: this runs as the owner and gives the claimer what it took, whoever the tenant is. Tenants take turns, those with fewer running first.
    // Two claimers that pick runs of one thread at the same time meet at the unique index; the second goes without.
    private const string Claiming = """
        CREATE FUNCTION agentsystem.claim_runs(claimer text, most int, lease interval, most_attempts int) RETURNS SETOF agentsystem.runs
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        DECLARE
            turn record;
            picked agentsystem.runs;
            taken int := 0;
            before int;
        BEGIN
            PERFORM agentsystem.reclaim_runs(most_attempts);
            LOOP
                before := taken;
                FOR turn IN
                    WITH RECURSIVE waiting AS (
                        (SELECT tenant_id FROM agentsystem.runs WHERE status = 'pending' ORDER BY tenant_id LIMIT 1)
                        UNION ALL
                        SELECT (SELECT next.tenant_id FROM agentsystem.runs AS next WHERE next.status = 'pending' AND next.tenant_id > waiting.tenant_id ORDER BY next.tenant_id LIMIT 1)
                        FROM waiting WHERE waiting.tenant_id IS NOT NULL
                    )
                    SELECT waiting.tenant_id FROM waiting
                    LEFT JOIN (SELECT tenant_id, count(*) AS runs FROM agentsystem.runs WHERE status = 'running' GROUP BY tenant_id) AS busy USING (tenant_id)
                    WHERE waiting.tenant_id IS NOT NULL ORDER BY coalesce(busy.runs, 0), waiting.tenant_id
                LOOP
                    SELECT run.* INTO picked FROM agentsystem.runs AS run
                    WHERE run.tenant_id = turn.tenant_id AND run.status = 'pending' AND run.due_at <= clock_timestamp()
                        AND (run.thread_id IS NULL OR NOT EXISTS (
                            SELECT FROM agentsystem.runs AS other
                            WHERE other.tenant_id = run.tenant_id AND other.thread_id = run.thread_id AND other.status IN ('pending', 'running', 'waiting')
                                AND (other.status <> 'pending' OR (other.created_at, other.id) < (run.created_at, run.id))))
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
        REVOKE ALL ON FUNCTION agentsystem.claim_runs(text, int, interval, int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.claim_runs(text, int, interval, int) TO agentsystem_app;
        """;
}
