using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>The run of a response that is deleted while it is made ends first: what waits for its thread goes on.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128008000_DeletedResponses")]
internal sealed class DeletedResponses : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Deleting);

    private const string Deleting = """
        CREATE OR REPLACE FUNCTION agentsystem.delete_response_run() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        BEGIN
            UPDATE agentsystem.runs SET status = 'cancelled', holder = NULL, lease_until = NULL, finished_at = clock_timestamp()
            WHERE tenant_id = OLD.tenant_id AND id = 'run_' || OLD.id AND status IN ('pending', 'running', 'waiting');
            DELETE FROM agentsystem.runs WHERE tenant_id = OLD.tenant_id AND id = 'run_' || OLD.id;
            IF FOUND THEN PERFORM pg_notify('agentsystem_run_stopped', 'run_' || OLD.id); END IF;
            RETURN NULL;
        END $$;
        """;
}
