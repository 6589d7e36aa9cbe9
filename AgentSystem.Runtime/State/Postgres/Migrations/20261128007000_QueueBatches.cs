using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>A claim takes each tenant's share in one statement instead of run by run, and a write of a holder finds its run at once.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128007000_QueueBatches")]
internal sealed class QueueBatches : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Finding);
        migrationBuilder.Sql(Taking);
        migrationBuilder.Sql(Claiming);
    }

    // Holders write "where the run is this one and running". While few run, the planner takes the index of the running for it, and with the tenant alone in it read all of the tenant's.
    private const string Finding = """
        DROP INDEX agentsystem.runs_held;
        CREATE INDEX runs_held ON agentsystem.runs (tenant_id, id) WHERE status = 'running';
        """;

    // One tenant's next runs, in one statement: they are found, locked, given to the claimer and told. Two claimers that take runs of one thread at the same time meet at the
    // unique index; the second then sees what the first took, and takes others. The sort is more than an order: nothing is given before all of it is done.
    private const string Taking = """
        CREATE FUNCTION agentsystem.take_runs(tenant text, claimer text, most int, lease interval) RETURNS SETOF agentsystem.runs
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            FOR attempt IN 1..3 LOOP
                BEGIN
                    RETURN QUERY
                    WITH due AS MATERIALIZED (
                        SELECT run.tenant_id, run.id FROM agentsystem.runs AS run
                        WHERE run.tenant_id = tenant AND run.status = 'pending' AND NOT run.parked AND NOT run.delayed
                            AND (run.thread_id IS NULL OR (
                                NOT EXISTS (
                                    SELECT FROM agentsystem.runs AS holding
                                    WHERE holding.tenant_id = run.tenant_id AND holding.thread_id = run.thread_id AND holding.status IN ('running', 'waiting'))
                                AND NOT EXISTS (
                                    SELECT FROM agentsystem.runs AS older
                                    WHERE older.tenant_id = run.tenant_id AND older.thread_id = run.thread_id AND older.status = 'pending' AND NOT older.parked
                                        AND (older.created_at, older.id) < (run.created_at, run.id))))
                        ORDER BY run.priority DESC, run.created_at, run.id LIMIT most FOR UPDATE SKIP LOCKED
                    ), held AS (
                        UPDATE agentsystem.runs AS run SET status = 'running', token = nextval('agentsystem.run_tokens'), holder = claimer, attempts = run.attempts + 1, events = run.events + 1,
                            held_at = clock_timestamp(), seen_at = clock_timestamp(), lease_until = clock_timestamp() + lease, started_at = coalesce(run.started_at, clock_timestamp())
                        FROM due WHERE run.tenant_id = due.tenant_id AND run.id = due.id
                        RETURNING run.*
                    ), told AS (
                        INSERT INTO agentsystem.run_events (tenant_id, run_id, number, type, data, at)
                        SELECT held.tenant_id, held.id, held.events, 'run.status', '{"status":"running"}', clock_timestamp() FROM held
                    ), notified AS (
                        SELECT count(pg_notify('agentsystem_run_changed', held.id)) FROM held
                    )
                    SELECT held.* FROM held, notified ORDER BY held.priority DESC, held.created_at, held.id;
                    RETURN;
                EXCEPTION WHEN unique_violation THEN
                    CONTINUE;
                END;
            END LOOP;
        END $$;
        REVOKE ALL ON FUNCTION agentsystem.take_runs(text, text, int, interval) FROM PUBLIC;
        """;

    // Tenants take turns, those with fewer running first: in each pass a tenant gets its share of what is still free, at least one. What a tenant with few runs leaves is shared in
    // the next pass. What runs is read once a pass, for the turns and for lost leases alike. What has become due is let in first; as before, plans are made over indexes only.
    private const string Claiming = """
        CREATE OR REPLACE FUNCTION agentsystem.claim_runs(claimer text, most int, lease interval, most_attempts int) RETURNS SETOF agentsystem.runs
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off SET enable_bitmapscan = off AS $$
        DECLARE
            moment timestamptz := clock_timestamp();
            busy text[];
            counts bigint[];
            lost boolean;
            turn record;
            taken int := 0;
            before int;
            got int;
        BEGIN
            UPDATE agentsystem.runs AS run SET delayed = false
            FROM (
                SELECT tenant_id, id FROM agentsystem.runs WHERE status = 'pending' AND delayed AND due_at <= moment ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED
            ) AS due
            WHERE run.tenant_id = due.tenant_id AND run.id = due.id;
            LOOP
                before := taken;
                SELECT array_agg(held.tenant_id), array_agg(held.runs), bool_or(held.lost) INTO busy, counts, lost
                FROM (SELECT tenant_id, count(*) AS runs, bool_or(lease_until < clock_timestamp()) AS lost FROM agentsystem.runs WHERE status = 'running' GROUP BY tenant_id) AS held;
                IF lost THEN
                    PERFORM agentsystem.reclaim_runs(most_attempts);
                END IF;
                FOR turn IN
                    WITH RECURSIVE waiting AS (
                        (SELECT tenant_id FROM agentsystem.runs WHERE status = 'pending' AND NOT parked AND NOT delayed ORDER BY tenant_id LIMIT 1)
                        UNION ALL
                        SELECT (
                            SELECT next.tenant_id FROM agentsystem.runs AS next
                            WHERE next.status = 'pending' AND NOT next.parked AND NOT next.delayed AND next.tenant_id > waiting.tenant_id ORDER BY next.tenant_id LIMIT 1)
                        FROM waiting WHERE waiting.tenant_id IS NOT NULL
                    )
                    SELECT waiting.tenant_id, count(*) OVER () AS tenants FROM waiting
                    LEFT JOIN unnest(busy, counts) AS held (tenant_id, runs) USING (tenant_id)
                    WHERE waiting.tenant_id IS NOT NULL ORDER BY coalesce(held.runs, 0), waiting.tenant_id
                LOOP
                    RETURN QUERY SELECT * FROM agentsystem.take_runs(turn.tenant_id, claimer, greatest(1, (most - before) / turn.tenants::int), lease);
                    GET DIAGNOSTICS got = ROW_COUNT;
                    taken := taken + got;
                    IF taken >= most THEN RETURN; END IF;
                END LOOP;
                EXIT WHEN taken = before;
            END LOOP;
        END $$;
        """;
}
