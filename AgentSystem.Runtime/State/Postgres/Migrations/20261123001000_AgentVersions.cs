using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Agents that are listed without reading their instructions, archived without losing their versions, and know who made each.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261123001000_AgentVersions")]
internal sealed class AgentVersions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Tables);

    // Versions stay immutable, so what a list shows of the active one is copied to the agent's own row when it changes.
    private const string Tables = """
        ALTER TABLE agentsystem.agent_versions
            ADD COLUMN created_by text NOT NULL DEFAULT 'platform',
            ADD COLUMN seeded boolean NOT NULL DEFAULT true;
        ALTER TABLE agentsystem.agent_versions ALTER COLUMN seeded SET DEFAULT false;

        ALTER TABLE agentsystem.agents
            ADD COLUMN latest_version int NOT NULL DEFAULT 1,
            ADD COLUMN type text NOT NULL DEFAULT '',
            ADD COLUMN description text NOT NULL DEFAULT '',
            ADD COLUMN summary jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
            ADD COLUMN archived_at timestamptz;
        UPDATE agentsystem.agents AS agent
        SET type = active.definition->>'type',
            description = active.definition->>'description',
            summary = active.definition - '{tenant,instructions,fallbacks,memory,planning,security,quality,scaling,resources,container_image}'::text[],
            latest_version = newest.version,
            updated_at = newest.created_at
        FROM agentsystem.agent_versions AS active, LATERAL (
            SELECT version, created_at FROM agentsystem.agent_versions AS every
            WHERE every.tenant_id = active.tenant_id AND every.name = active.name ORDER BY version DESC LIMIT 1) AS newest
        WHERE active.tenant_id = agent.tenant_id AND active.name = agent.name AND active.version = agent.active_version;
        ALTER TABLE agentsystem.agents ADD CONSTRAINT agents_active_is_known CHECK (active_version <= latest_version);
        CREATE UNIQUE INDEX agents_by_name ON agentsystem.agents (tenant_id, name COLLATE "C") WHERE archived_at IS NULL;

        CREATE TABLE agentsystem.agent_types (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            type text NOT NULL,
            PRIMARY KEY (tenant_id, type)
        );
        SELECT agentsystem.isolate('agentsystem.agent_types', 'SELECT, INSERT');
        INSERT INTO agentsystem.agent_types SELECT DISTINCT tenant_id, definition->>'type' FROM agentsystem.agent_versions;
        """;
}
