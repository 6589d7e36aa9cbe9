using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Data keys, wrapped under the root secret, and which root secrets there were.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128104000_Sealing")]
internal sealed class Sealing : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(Wrapping);
    }

    // A key is never deleted by the app role: what it sealed could not be opened any more.
    private const string Tables = """
        CREATE TABLE agentsystem.data_keys (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            version int NOT NULL CHECK (version >= 1),
            seals bigint NOT NULL CHECK (seals >= 0),
            wraps jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, version)
        );
        SELECT agentsystem.isolate('agentsystem.data_keys', 'SELECT, INSERT, UPDATE');
        CREATE TABLE agentsystem.root_secrets (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            root_id text NOT NULL,
            generation int NOT NULL CHECK (generation >= 1),
            kept bytea NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, root_id)
        );
        SELECT agentsystem.isolate('agentsystem.root_secrets', 'SELECT, INSERT, DELETE');
        """;

    // A change of the root secret concerns every tenant's keys. Given are wrapped keys, and only those the caller's secret does not open yet.
    private const string Wrapping = """
        CREATE FUNCTION agentsystem.data_keys_without(root text, most int)
        RETURNS TABLE (tenant_id text, version int, wraps jsonb)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
            SELECT k.tenant_id, k.version, k.wraps FROM agentsystem.data_keys AS k WHERE NOT k.wraps ? root ORDER BY k.tenant_id, k.version LIMIT most
        $$;
        REVOKE ALL ON FUNCTION agentsystem.data_keys_without(text, int) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.data_keys_without(text, int) TO agentsystem_app;
        CREATE FUNCTION agentsystem.forget_other_wraps(root text) RETURNS void
        LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
            UPDATE agentsystem.data_keys AS k SET wraps = jsonb_build_object(root, k.wraps -> root) WHERE k.wraps ? root AND k.wraps <> jsonb_build_object(root, k.wraps -> root)
        $$;
        REVOKE ALL ON FUNCTION agentsystem.forget_other_wraps(text) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.forget_other_wraps(text) TO agentsystem_app;
        """;
}
