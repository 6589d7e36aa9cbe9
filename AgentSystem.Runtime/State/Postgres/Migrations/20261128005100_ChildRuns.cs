using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Runs that are begun by others. What those above a run may cost never changes, so a run takes it along when it begins and nobody has to climb the tree for each call.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128005100_ChildRuns")]
internal sealed class ChildRuns : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE agentsystem.runs ADD COLUMN parent_run_id text, ADD COLUMN depth int NOT NULL DEFAULT 0, ADD COLUMN limits_above jsonb NOT NULL DEFAULT '[]';
        CREATE INDEX runs_children ON agentsystem.runs (tenant_id, parent_run_id, created_at, id) WHERE parent_run_id IS NOT NULL;
        """);
}
