using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>What happens to a run goes into the outbox of webhooks in the same transaction.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128002600_RunMessages")]
internal sealed class RunMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Trigger);

    // It runs with the rights of whoever changes the run: row security shows it that tenant's webhooks and lets it write that tenant's messages.
    private const string Trigger = """
        CREATE FUNCTION agentsystem.tell_webhooks() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        DECLARE
            happened text := CASE WHEN NEW.status = 'waiting' THEN 'run.waiting' ELSE 'run.finished' END;
        BEGIN
            INSERT INTO agentsystem.webhook_deliveries (tenant_id, id, webhook_id, user_name, run_id, url, event, run_status, due_at, created_at)
            SELECT NEW.tenant_id, 'msg_' || replace(gen_random_uuid()::text, '-', ''), hook.id, NEW.user_name, NEW.id, hook.url, happened, NEW.status, clock_timestamp(), clock_timestamp()
            FROM (
                SELECT id, url FROM agentsystem.webhooks
                WHERE tenant_id = NEW.tenant_id AND happened = ANY (events) AND (user_name IS NULL OR user_name = NEW.user_name) AND disabled_reason IS NULL
                UNION ALL
                SELECT NULL, NEW.webhook WHERE NEW.webhook IS NOT NULL
            ) AS hook;
            RETURN NULL;
        END $$;
        CREATE TRIGGER tell_webhooks AFTER UPDATE OF status ON agentsystem.runs
            FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status AND NEW.status NOT IN ('pending', 'running'))
            EXECUTE FUNCTION agentsystem.tell_webhooks();
        """;
}
