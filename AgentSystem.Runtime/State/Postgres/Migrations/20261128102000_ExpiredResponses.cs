using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Responses whose time is over while they are still made, for instance because nobody decided about a call: they are ended before they are deleted, with the runs they began.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128102000_ExpiredResponses")]
internal sealed class ExpiredResponses : Migration
{
    // Whoever cleans does so for every tenant, and must learn whose they are before it can name them.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE FUNCTION agentsystem.expired_open_responses(most int) RETURNS TABLE (tenant_id text, id text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT response.tenant_id, response.id FROM agentsystem.responses AS response
            WHERE response.expires_at < clock_timestamp() AND response.background AND response.status IN ('queued', 'in_progress') ORDER BY response.expires_at LIMIT most
        $$;
        REVOKE ALL ON FUNCTION agentsystem.expired_open_responses(int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.expired_open_responses(int) TO agentsystem_app;
        """);
}
