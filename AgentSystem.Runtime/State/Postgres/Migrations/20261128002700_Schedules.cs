using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Runs that start by the clock.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128002700_Schedules")]
internal sealed class Schedules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Tables);

    // Whoever watches the clock does so for all tenants: it is given schedules that are due and nothing else, and whether their key still holds.
    private const string Tables = """
        CREATE TABLE agentsystem.schedules (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            name text NOT NULL,
            cron text NOT NULL,
            run jsonb NOT NULL,
            user_name text NOT NULL,
            enabled boolean NOT NULL,
            next_at timestamptz,
            last_at timestamptz,
            last_run_id text,
            last_error text,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        SELECT agentsystem.isolate('agentsystem.schedules', 'SELECT, INSERT, UPDATE, DELETE');
        CREATE INDEX schedules_due ON agentsystem.schedules (next_at) WHERE next_at IS NOT NULL;

        CREATE FUNCTION agentsystem.due_schedules(moment timestamptz, most int)
        RETURNS TABLE (tenant_id text, id text, cron text, run text, tick timestamptz, key_holds boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT due.tenant_id, due.id, due.cron, due.run::text, due.next_at, EXISTS (
                SELECT FROM agentsystem.api_keys AS key
                WHERE key.tenant_id = due.tenant_id AND key.id = due.run->'caller'->>'key_id' AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > moment))
            FROM agentsystem.schedules AS due
            WHERE due.next_at <= moment ORDER BY due.next_at LIMIT most
        $$;
        REVOKE ALL ON FUNCTION agentsystem.due_schedules(timestamptz, int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.due_schedules(timestamptz, int) TO agentsystem_app;
        """;
}
