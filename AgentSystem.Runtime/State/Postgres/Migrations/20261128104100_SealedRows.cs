using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Webhooks have secrets of their own, sealed; rows of before can be sealed, and sealed again under a newer data key.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128104100_SealedRows")]
internal sealed class SealedRows : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Webhooks);
        migrationBuilder.Sql(Rotations);
    }

    // Null: from before; derived from the first root secret.
    private const string Webhooks = """
        ALTER TABLE agentsystem.webhooks ADD COLUMN secret bytea, ADD COLUMN secret_before bytea;
        DROP FUNCTION agentsystem.claim_webhook_deliveries(timestamptz, interval, int, int);
        CREATE FUNCTION agentsystem.claim_webhook_deliveries(moment timestamptz, lease interval, most int, share int)
        RETURNS TABLE (tenant_id text, id text, webhook_id text, run_id text, url text, event text, run_status text, attempts int, created_at timestamptz, secret_version int, rotated_at timestamptz,
            secret bytea, secret_before bytea)
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
                coalesce(hook.secret_version, 1), hook.rotated_at, hook.secret, hook.secret_before
            FROM taken LEFT JOIN agentsystem.webhooks AS hook ON hook.tenant_id = taken.tenant_id AND hook.id = taken.webhook_id
        $$;
        REVOKE ALL ON FUNCTION agentsystem.claim_webhook_deliveries(timestamptz, interval, int, int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.claim_webhook_deliveries(timestamptz, interval, int, int) TO agentsystem_app;
        """;

    // Who asked for a version, and how far what older ones sealed has been sealed again. Which tenants wait for that concerns every tenant; given are names and numbers only.
    private const string Rotations = """
        GRANT UPDATE (payload) ON agentsystem.recording_blocks TO agentsystem_app;
        ALTER TABLE agentsystem.data_keys ADD COLUMN rotation text CHECK (rotation IN ('running', 'done')), ADD COLUMN rotated_by text,
            ADD COLUMN resealed bigint NOT NULL DEFAULT 0, ADD COLUMN unreadable bigint NOT NULL DEFAULT 0, ADD COLUMN rotated_at timestamptz;
        CREATE UNIQUE INDEX data_keys_rotation ON agentsystem.data_keys (tenant_id) WHERE rotation = 'running';
        CREATE FUNCTION agentsystem.running_rotations(age interval)
        RETURNS TABLE (tenant_id text, version int)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT k.tenant_id, k.version FROM agentsystem.data_keys AS k WHERE k.rotation = 'running' AND k.created_at <= clock_timestamp() - age ORDER BY k.created_at
        $$;
        REVOKE ALL ON FUNCTION agentsystem.running_rotations(interval) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.running_rotations(interval) TO agentsystem_app;
        """;
}
