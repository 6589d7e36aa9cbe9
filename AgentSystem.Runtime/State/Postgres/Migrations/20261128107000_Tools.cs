using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Each tenant's catalogue of tools, with their versions and credentials.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128107000_Tools")]
internal sealed class Tools : Migration
{
    // "json" and not "jsonb": the order in which a schema names its members is how a model reads them. Credentials stand apart, so that no list reads them.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE agentsystem.tools (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            name text NOT NULL,
            source text,
            state text NOT NULL CHECK (state IN ('active', 'changed', 'gone')),
            enabled boolean NOT NULL DEFAULT true,
            active_version int NOT NULL CHECK (active_version >= 0),
            latest_version int NOT NULL CHECK (latest_version >= 1),
            created_at timestamptz NOT NULL,
            created_by text NOT NULL,
            PRIMARY KEY (tenant_id, name),
            FOREIGN KEY (tenant_id, source) REFERENCES agentsystem.tools ON DELETE CASCADE
        );
        CREATE INDEX tools_of_source ON agentsystem.tools (tenant_id, source) WHERE source IS NOT NULL;
        SELECT agentsystem.isolate('agentsystem.tools', 'SELECT, INSERT, UPDATE, DELETE');

        CREATE TABLE agentsystem.tool_versions (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            name text NOT NULL,
            version int NOT NULL CHECK (version >= 1),
            definition json NOT NULL,
            hash text NOT NULL,
            created_at timestamptz NOT NULL,
            created_by text NOT NULL,
            approved_at timestamptz,
            approved_by text,
            PRIMARY KEY (tenant_id, name, version),
            FOREIGN KEY (tenant_id, name) REFERENCES agentsystem.tools ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.tool_versions', 'SELECT, INSERT, UPDATE, DELETE');

        CREATE TABLE agentsystem.tool_credentials (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            name text NOT NULL,
            headers text[] NOT NULL,
            sealed bytea NOT NULL,
            PRIMARY KEY (tenant_id, name),
            FOREIGN KEY (tenant_id, name) REFERENCES agentsystem.tools ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.tool_credentials', 'SELECT, INSERT, UPDATE, DELETE');
        """);
}
