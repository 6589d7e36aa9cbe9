using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Budgets, the credit lent to processes, calls under way, and the ledger of model calls.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128001000_Budgets")]
internal sealed class Budgets : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Limits);
        migrationBuilder.Sql(Credit);
        migrationBuilder.Sql(Ledger);
        migrationBuilder.Sql(Holders);
    }

    // A run's own limit is a row of kind run, so that one piece of arithmetic serves all of them.
    private const string Limits = """
        CREATE TABLE agentsystem.budgets (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            scope text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('key', 'team', 'tenant', 'agent', 'run')),
            limit_usd numeric NOT NULL CHECK (limit_usd >= 0),
            budget_window text NOT NULL CHECK (budget_window IN ('day', 'week', 'month', 'total')),
            on_exceeded text NOT NULL CHECK (on_exceeded IN ('stop', 'degrade')),
            warn_at numeric NOT NULL CHECK (warn_at BETWEEN 0 AND 1),
            created_at timestamptz NOT NULL,
            created_by text NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, scope, budget_window)
        );
        SELECT agentsystem.isolate('agentsystem.budgets', 'SELECT, INSERT, UPDATE, DELETE');
        """;

    // The promise itself is a constraint: what is settled and what is lent never exceed the ceiling. The ceiling is the limit, and stays above it only where
    // a limit was lowered below what is spent already, or a provider sold more than it was asked for.
    private const string Credit = """
        CREATE TABLE agentsystem.budget_windows (
            tenant_id text NOT NULL,
            budget_id text NOT NULL,
            starts_at timestamptz NOT NULL,
            ceiling_usd numeric NOT NULL,
            spent_usd numeric NOT NULL DEFAULT 0 CHECK (spent_usd >= 0),
            granted_usd numeric NOT NULL DEFAULT 0 CHECK (granted_usd >= 0),
            warned_at timestamptz,
            PRIMARY KEY (tenant_id, budget_id, starts_at),
            FOREIGN KEY (tenant_id, budget_id) REFERENCES agentsystem.budgets ON DELETE CASCADE,
            CONSTRAINT never_over CHECK (spent_usd + granted_usd <= ceiling_usd)
        );
        SELECT agentsystem.isolate('agentsystem.budget_windows', 'SELECT, INSERT, UPDATE, DELETE');

        CREATE TABLE agentsystem.budget_leases (
            tenant_id text NOT NULL,
            budget_id text NOT NULL,
            starts_at timestamptz NOT NULL,
            holder text NOT NULL,
            credit_usd numeric NOT NULL CHECK (credit_usd >= 0),
            sent_usd numeric NOT NULL CHECK (sent_usd >= 0),
            used_usd numeric NOT NULL CHECK (used_usd >= 0),
            PRIMARY KEY (tenant_id, budget_id, starts_at, holder),
            FOREIGN KEY (tenant_id, budget_id, starts_at) REFERENCES agentsystem.budget_windows ON DELETE CASCADE
        );
        SELECT agentsystem.isolate('agentsystem.budget_leases', 'SELECT, INSERT, UPDATE, DELETE');
        CREATE INDEX budget_leases_holder ON agentsystem.budget_leases (holder, tenant_id);
        """;

    private const string Ledger = """
        CREATE TABLE agentsystem.model_calls (
            tenant_id text NOT NULL,
            id uuid NOT NULL,
            at timestamptz NOT NULL,
            team text,
            key_id text NOT NULL,
            user_name text,
            agent text NOT NULL,
            agent_version int NOT NULL,
            run_id text,
            request_id text NOT NULL,
            model text NOT NULL,
            input_tokens bigint NOT NULL,
            output_tokens bigint NOT NULL,
            cost_usd numeric NOT NULL CHECK (cost_usd >= 0),
            estimated boolean NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        SELECT agentsystem.isolate('agentsystem.model_calls', 'SELECT, INSERT');
        CREATE INDEX model_calls_newest ON agentsystem.model_calls (tenant_id, at);

        CREATE TABLE agentsystem.calls_under_way (
            LIKE agentsystem.model_calls,
            holder text NOT NULL,
            cells jsonb NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        SELECT agentsystem.isolate('agentsystem.calls_under_way', 'SELECT, INSERT, DELETE');
        CREATE INDEX calls_under_way_holder ON agentsystem.calls_under_way (holder, tenant_id);
        """;

    // Whoever looks for the dead does not know their tenants: one function that runs as the owner and gives names, nothing else.
    private const string Holders = """
        CREATE TABLE agentsystem.budget_holders (
            tenant_id text NOT NULL,
            id text NOT NULL,
            beat_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );
        SELECT agentsystem.isolate('agentsystem.budget_holders', 'SELECT, INSERT, UPDATE, DELETE');
        CREATE FUNCTION agentsystem.silent_budget_holders(silent interval) RETURNS TABLE (tenant_id text, id text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
        AS $$ SELECT holder.tenant_id, holder.id FROM agentsystem.budget_holders AS holder WHERE holder.beat_at < clock_timestamp() - silent ORDER BY 1, 2 LIMIT 1000 $$;
        REVOKE ALL ON FUNCTION agentsystem.silent_budget_holders(interval) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.silent_budget_holders(interval) TO agentsystem_app;
        """;
}
