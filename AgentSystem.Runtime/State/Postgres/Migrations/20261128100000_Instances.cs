using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>The processes that execute runs, each registered by its heartbeat.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128100000_Instances")]
internal sealed class Instances : Migration
{
    // Instances serve every tenant and belong to the one that runs the platform. A change of "draining" has a number, so that a process that asks and is told at the same moment keeps the newer.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE agentsystem.instances (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            name text NOT NULL,
            slots int NOT NULL CHECK (slots >= 1),
            in_use int NOT NULL CHECK (in_use >= 0),
            waiting int NOT NULL CHECK (waiting >= 0),
            draining boolean NOT NULL,
            revision int NOT NULL DEFAULT 0,
            beat_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, name)
        ) WITH (fillfactor = 50);
        SELECT agentsystem.isolate('agentsystem.instances', 'SELECT, INSERT, UPDATE, DELETE');
        """);
}
