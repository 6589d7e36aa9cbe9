using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Control.State.Postgres.Migrations;

/// <summary>What people thought of answers.</summary>
[DbContext(typeof(ControlDbContext))]
[Migration("20261122190000_FirstControlTables")]
internal sealed class FirstControlTables : Migration
{
    // agentsystem.isolate comes from the data plane's first migration: one place says what isolation is.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE agentsystem.feedback (
            tenant_id text NOT NULL,
            id text NOT NULL,
            agent text NOT NULL,
            rating int NOT NULL CHECK (rating BETWEEN 1 AND 5),
            run_id text,
            comment text,
            at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        CREATE INDEX feedback_newest ON agentsystem.feedback (tenant_id, at DESC);
        SELECT agentsystem.isolate('agentsystem.feedback', 'SELECT, INSERT');
        """);
}
