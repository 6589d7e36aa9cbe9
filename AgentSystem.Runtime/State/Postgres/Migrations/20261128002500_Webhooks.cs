using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Webhooks and the outbox of their messages.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128002500_Webhooks")]
internal sealed class Webhooks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(Claim);
    }

    // No secret is kept: it is derived from the root key and the version.
    private const string Tables = """
        CREATE TABLE agentsystem.webhooks (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            user_name text,
            url text NOT NULL,
            events text[] NOT NULL,
            description text,
            secret_version int NOT NULL DEFAULT 1 CHECK (secret_version >= 1),
            rotated_at timestamptz,
            disabled_reason text,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        SELECT agentsystem.isolate('agentsystem.webhooks', 'SELECT, INSERT, UPDATE, DELETE');

        CREATE TABLE agentsystem.webhook_deliveries (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            webhook_id text,
            user_name text NOT NULL,
            run_id text NOT NULL,
            url text NOT NULL,
            event text NOT NULL,
            run_status text NOT NULL,
            state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead', 'discarded')),
            attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            due_at timestamptz NOT NULL,
            last_status int,
            last_error text,
            created_at timestamptz NOT NULL,
            finished_at timestamptz,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, webhook_id) REFERENCES agentsystem.webhooks ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.webhook_deliveries', 'SELECT, INSERT, UPDATE');
        CREATE INDEX webhook_deliveries_due ON agentsystem.webhook_deliveries (tenant_id, due_at) WHERE state = 'pending';
        CREATE INDEX webhook_deliveries_newest ON agentsystem.webhook_deliveries (tenant_id, webhook_id, created_at DESC, id DESC);
        CREATE INDEX webhook_deliveries_dead ON agentsystem.webhook_deliveries (tenant_id, finished_at DESC, id DESC) WHERE state = 'dead';
        """;

    // Whoever delivers does so for all tenants: it is given messages that are due and nothing else. A few of each tenant at a time, so that one whose
    // receiver is away does not hold up the others. An attempt that is not finished within its lease is due again.
    private const string Claim = """
        CREATE FUNCTION agentsystem.claim_webhook_deliveries(moment timestamptz, lease interval, most int, share int)
        RETURNS TABLE (tenant_id text, id text, webhook_id text, run_id text, url text, event text, run_status text, attempts int, created_at timestamptz, secret_version int, rotated_at timestamptz)
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH due AS (
                SELECT waiting.tenant_id, waiting.id
                FROM agentsystem.tenants AS tenant
                CROSS JOIN LATERAL (
                    SELECT delivery.tenant_id, delivery.id, delivery.due_at
                    FROM agentsystem.webhook_deliveries AS delivery
                    WHERE delivery.tenant_id = tenant.tenant_id AND delivery.state = 'pending' AND delivery.due_at <= moment
                      AND NOT EXISTS (SELECT FROM agentsystem.webhooks AS hook
                          WHERE hook.tenant_id = delivery.tenant_id AND hook.id = delivery.webhook_id AND hook.disabled_reason IS NOT NULL)
                    ORDER BY delivery.due_at LIMIT share FOR UPDATE OF delivery SKIP LOCKED
                ) AS waiting
                ORDER BY waiting.due_at LIMIT most
            ), taken AS (
                UPDATE agentsystem.webhook_deliveries AS delivery SET attempts = delivery.attempts + 1, due_at = moment + lease
                FROM due WHERE delivery.tenant_id = due.tenant_id AND delivery.id = due.id
                RETURNING delivery.*
            )
            SELECT taken.tenant_id, taken.id, taken.webhook_id, taken.run_id, taken.url, taken.event, taken.run_status, taken.attempts, taken.created_at,
                coalesce(hook.secret_version, 1), hook.rotated_at
            FROM taken LEFT JOIN agentsystem.webhooks AS hook ON hook.tenant_id = taken.tenant_id AND hook.id = taken.webhook_id
        $$;
        REVOKE ALL ON FUNCTION agentsystem.claim_webhook_deliveries(timestamptz, interval, int, int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.claim_webhook_deliveries(timestamptz, interval, int, int) TO agentsystem_app;
        """;
}
