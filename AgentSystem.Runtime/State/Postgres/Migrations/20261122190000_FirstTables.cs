using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Tenants, keys, agents, memories and facts, each under row security from its first day.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261122190000_FirstTables")]
internal sealed class FirstTables : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(AppRole);
        migrationBuilder.Sql(Isolation);
        migrationBuilder.Sql(Tenants);
        migrationBuilder.Sql(Keys);
        migrationBuilder.Sql(Agents);
        migrationBuilder.Sql(Memories);
        migrationBuilder.Sql(Facts);
    }

    // Roles belong to the cluster, not to the database: another database's migration may be making it at this moment.
    private const string AppRole = """
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'agentsystem_app') THEN
                BEGIN
                    CREATE ROLE agentsystem_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
                EXCEPTION
                    WHEN duplicate_object OR unique_violation THEN NULL;
                    WHEN insufficient_privilege THEN
                        RAISE EXCEPTION 'the role agentsystem_app does not exist and % may not create it', current_user
                            USING HINT = 'As an administrator: CREATE ROLE agentsystem_app NOLOGIN; GRANT agentsystem_app TO ' || quote_ident(current_user) || ';';
                END;
            END IF;
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'agentsystem_app' AND (rolsuper OR rolbypassrls)) THEN
                RAISE EXCEPTION 'the role agentsystem_app may bypass row security'
                    USING HINT = 'As an administrator: ALTER ROLE agentsystem_app NOSUPERUSER NOBYPASSRLS;';
            END IF;
            -- Since Postgres 16 the creator of a role is its administrator without being allowed to take it.
            IF NOT pg_has_role(current_user, 'agentsystem_app', CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
                EXECUTE format('GRANT agentsystem_app TO %I', current_user);
            END IF;
        END $$;
        CREATE SCHEMA IF NOT EXISTS agentsystem;
        GRANT USAGE ON SCHEMA agentsystem TO agentsystem_app;
        """;

    // One place says what isolation is. A table that is not handed to it is closed to the app role altogether.
    private const string Isolation = """
        CREATE OR REPLACE FUNCTION agentsystem.isolate(target regclass, privileges text) RETURNS void
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
            EXECUTE format($policy$
                CREATE POLICY tenant_isolation ON %s
                USING (tenant_id = current_setting('agentsystem.tenant', true)
                    OR tenant_id = ANY (string_to_array(current_setting('agentsystem.tenants', true), ',')))
                $policy$, target);
            EXECUTE format('GRANT %s ON %s TO agentsystem_app', privileges, target);
        END $$;
        REVOKE ALL ON FUNCTION agentsystem.isolate(regclass, text) FROM PUBLIC;
        """;

    // A tenant's name has no comma: lists of tenants in a session setting are comma-separated.
    private const string Tenants = """
        CREATE TABLE agentsystem.tenants (
            tenant_id text PRIMARY KEY CHECK (tenant_id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
            created_at timestamptz NOT NULL DEFAULT now()
        );
        SELECT agentsystem.isolate('agentsystem.tenants', 'SELECT');
        INSERT INTO agentsystem.tenants (tenant_id) VALUES ('default');
        """;

    // A key is found before its tenant is known: one function that runs as the owner, takes the whole hash and gives at most one row.
    private const string Keys = """
        CREATE TABLE agentsystem.api_keys (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
            name text NOT NULL,
            prefix text NOT NULL,
            team text,
            user_name text,
            scopes text[] NOT NULL,
            agents text[] NOT NULL,
            tools text[] NOT NULL,
            requests_per_minute int,
            tokens_per_minute int,
            concurrency int,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz,
            last_used_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        );
        SELECT agentsystem.isolate('agentsystem.api_keys', 'SELECT, INSERT, UPDATE');
        CREATE FUNCTION agentsystem.find_key(wanted bytea) RETURNS SETOF agentsystem.api_keys
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
        AS $$ SELECT * FROM agentsystem.api_keys WHERE hash = wanted $$;
        REVOKE ALL ON FUNCTION agentsystem.find_key(bytea) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.find_key(bytea) TO agentsystem_app;
        """;

    // Versions are immutable: the app role may add them, not change them.
    private const string Agents = """
        CREATE TABLE agentsystem.agents (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            name text NOT NULL,
            active_version int NOT NULL CHECK (active_version >= 1),
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (tenant_id, name)
        );
        SELECT agentsystem.isolate('agentsystem.agents', 'SELECT, INSERT, UPDATE');
        CREATE TABLE agentsystem.agent_versions (
            tenant_id text NOT NULL,
            name text NOT NULL,
            version int NOT NULL CHECK (version >= 1),
            definition jsonb NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (tenant_id, name, version),
            FOREIGN KEY (tenant_id, name) REFERENCES agentsystem.agents
        );
        SELECT agentsystem.isolate('agentsystem.agent_versions', 'SELECT, INSERT');
        """;

    // The hash stands in for the text in the unique index: texts of 4,000 characters do not fit one.
    private const string Memories = """
        CREATE TABLE agentsystem.memories (
            tenant_id text NOT NULL,
            user_name text NOT NULL,
            agent text NOT NULL,
            id text NOT NULL,
            text text NOT NULL,
            text_hash bytea NOT NULL CHECK (length(text_hash) = 32),
            embedding text NOT NULL,
            vector bytea NOT NULL,
            at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, user_name, agent, text_hash)
        );
        SELECT agentsystem.isolate('agentsystem.memories', 'SELECT, INSERT, UPDATE, DELETE');
        CREATE INDEX memories_newest ON agentsystem.memories (tenant_id, user_name, agent, at DESC);
        """;

    // Facts are appended, never changed, so the app role gets neither UPDATE nor DELETE; old months leave as whole partitions.
    // Rows that came before their month's partition wait in the default one and are moved when it is made.
    private const string Facts = """
        CREATE TABLE agentsystem.facts (
            tenant_id text NOT NULL,
            at timestamptz NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL,
            request_id text,
            body jsonb NOT NULL,
            PRIMARY KEY (tenant_id, at, id)
        ) PARTITION BY RANGE (at);
        CREATE INDEX facts_newest ON agentsystem.facts (tenant_id, kind, at DESC);
        CREATE INDEX facts_request ON agentsystem.facts (tenant_id, request_id) WHERE request_id IS NOT NULL;
        SELECT agentsystem.isolate('agentsystem.facts', 'SELECT, INSERT');
        CREATE TABLE agentsystem.facts_default PARTITION OF agentsystem.facts DEFAULT;
        ALTER TABLE agentsystem.facts_default ENABLE ROW LEVEL SECURITY;

        CREATE FUNCTION agentsystem.make_fact_partition(moment timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        DECLARE
            first timestamptz := date_trunc('month', moment AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
            past timestamptz := (date_trunc('month', moment AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
            part text := 'facts_' || to_char(moment AT TIME ZONE 'UTC', 'YYYY_MM');
        BEGIN
            IF to_regclass('agentsystem.' || part) IS NOT NULL THEN RETURN false; END IF;
            PERFORM pg_advisory_xact_lock(hashtextextended('agentsystem.' || part, 0));
            IF to_regclass('agentsystem.' || part) IS NOT NULL THEN RETURN false; END IF;
            EXECUTE format('CREATE TABLE agentsystem.%I (LIKE agentsystem.facts INCLUDING ALL)', part);
            EXECUTE format('ALTER TABLE agentsystem.%I ENABLE ROW LEVEL SECURITY', part);
            LOCK TABLE agentsystem.facts_default IN ACCESS EXCLUSIVE MODE;
            EXECUTE format('WITH moved AS (DELETE FROM agentsystem.facts_default WHERE at >= %L AND at < %L RETURNING *)
                            INSERT INTO agentsystem.%I SELECT * FROM moved', first, past, part);
            EXECUTE format('ALTER TABLE agentsystem.facts ATTACH PARTITION agentsystem.%I FOR VALUES FROM (%L) TO (%L)', part, first, past);
            RETURN true;
        END $$;
        REVOKE ALL ON FUNCTION agentsystem.make_fact_partition(timestamptz) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.make_fact_partition(timestamptz) TO agentsystem_app;
        """;
}
