using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Messages of webhooks that arrived, or were put away, are deleted some time later.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128006000_WebhookCleaning")]
internal sealed class WebhookCleaning : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE INDEX webhook_deliveries_over ON agentsystem.webhook_deliveries (finished_at) WHERE state IN ('delivered', 'discarded');
        CREATE FUNCTION agentsystem.forget_webhook_deliveries(before timestamptz, most int) RETURNS int
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            WITH gone AS (
                DELETE FROM agentsystem.webhook_deliveries WHERE (tenant_id, id) IN (
                    SELECT tenant_id, id FROM agentsystem.webhook_deliveries
                    WHERE state IN ('delivered', 'discarded') AND finished_at < before ORDER BY finished_at LIMIT most FOR UPDATE SKIP LOCKED)
                RETURNING 1
            ) SELECT count(*)::int FROM gone
        $$;
        REVOKE ALL ON FUNCTION agentsystem.forget_webhook_deliveries(timestamptz, int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.forget_webhook_deliveries(timestamptz, int) TO agentsystem_app;
        """);
}
