using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentSystem.Runtime.State.Postgres.Migrations;

/// <summary>Erasing what was said by, to or about a user, and the receipts of it.</summary>
[DbContext(typeof(RuntimeDbContext))]
[Migration("20261128106100_Erasures")]
internal sealed class Erasures : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Receipts);
        migrationBuilder.Sql(Recorded);
        migrationBuilder.Sql(Erasing);
    }

    // The receipt names nobody: a keyed hash stands for the user. Receipts are never changed.
    private const string Receipts = """
        CREATE TABLE agentsystem.memory_erasures (
            tenant_id text NOT NULL REFERENCES agentsystem.tenants,
            id text NOT NULL,
            subject text NOT NULL,
            at timestamptz NOT NULL,
            body text NOT NULL,
            signature bytea NOT NULL,
            key_id text NOT NULL,
            changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
            PRIMARY KEY (tenant_id, id)
        );
        CREATE INDEX memory_erasures_changed ON agentsystem.memory_erasures (changed);
        SELECT agentsystem.isolate('agentsystem.memory_erasures', 'SELECT, INSERT');
        CREATE FUNCTION agentsystem.memory_erasures_since(seen xid8) RETURNS TABLE (tenant_id text, subject text, changed xid8)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
        AS $$ SELECT e.tenant_id, e.subject, pg_snapshot_xmin(pg_current_snapshot()) FROM agentsystem.memory_erasures AS e WHERE e.changed >= seen $$;
        REVOKE ALL ON FUNCTION agentsystem.memory_erasures_since(xid8) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.memory_erasures_since(xid8) TO agentsystem_app;
        """;

    // Whose request it was: the answers to a user's idempotent requests are found by it.
    private const string Recorded = """
        ALTER TABLE agentsystem.recordings ADD COLUMN user_name text;
        CREATE INDEX recordings_user ON agentsystem.recordings (tenant_id, user_name) WHERE user_name IS NOT NULL;
        """;

    // The app role may not delete journals, events and messages, for good reason; this may, of one tenant's one user, and leaves figures and states behind.
    // The pseudonym takes the name's place where the row stays.
    private const string Erasing = """
        CREATE FUNCTION agentsystem.erase_user(who text, pseudonym text, threads_too boolean) RETURNS TABLE (place text, things bigint)
        LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
        DECLARE
            tenant text := nullif(current_setting('agentsystem.tenant', true), '');
            told text[];
            talks text[];
            n bigint;
        BEGIN
            IF tenant IS NULL THEN RAISE EXCEPTION 'an erasure needs the session of one tenant'; END IF;

            SELECT count(*) INTO n FROM agentsystem.memory_entities WHERE tenant_id = tenant AND user_name = who;
            place := 'memory_entities'; things := n; RETURN NEXT;
            SELECT count(*) INTO n FROM agentsystem.memory_edges AS e JOIN agentsystem.memories AS m ON m.tenant_id = e.tenant_id AND m.id = e.memory_id WHERE m.tenant_id = tenant AND m.user_name = who;
            place := 'memory_edges'; things := n; RETURN NEXT;
            DELETE FROM agentsystem.memories WHERE tenant_id = tenant AND user_name = who;
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'memories'; things := n; RETURN NEXT;
            DELETE FROM agentsystem.memory_vectors WHERE tenant_id = tenant AND user_name = who;
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'vectors'; things := n; RETURN NEXT;

            -- What is under way ends first, and its worker is told: it writes nothing any more.
            SELECT array_agg(id) INTO told FROM agentsystem.runs WHERE tenant_id = tenant AND user_name = who;
            UPDATE agentsystem.runs SET status = 'cancelled', holder = NULL, lease_until = NULL, token = nextval('agentsystem.run_tokens'), finished_at = clock_timestamp()
            WHERE tenant_id = tenant AND user_name = who AND status IN ('pending', 'running', 'waiting');
            PERFORM pg_notify('agentsystem_run_stopped', run) FROM unnest(told) AS run;

            SELECT array_agg(recording_id) INTO talks FROM agentsystem.responses WHERE tenant_id = tenant AND user_name = who AND recording_id IS NOT NULL;
            DELETE FROM agentsystem.responses WHERE tenant_id = tenant AND user_name = who;
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'responses'; things := n; RETURN NEXT;
            DELETE FROM agentsystem.recordings WHERE tenant_id = tenant AND id = ANY (talks);
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'stored_streams'; things := n; RETURN NEXT;
            DELETE FROM agentsystem.recordings WHERE tenant_id = tenant AND user_name = who;
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'idempotency_recordings'; things := n; RETURN NEXT;

            UPDATE agentsystem.run_steps SET result = NULL, arguments = NULL, decision = NULL WHERE tenant_id = tenant AND run_id = ANY (told);
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'run_journal'; things := n; RETURN NEXT;
            UPDATE agentsystem.run_events SET data = '{"erased":true}' WHERE tenant_id = tenant AND run_id = ANY (told);
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'run_events'; things := n; RETURN NEXT;
            UPDATE agentsystem.runs SET user_name = pseudonym, input = '', output = NULL, webhook = NULL, caller = caller || '{"bound_user":null}',
                error = CASE WHEN error IS NOT NULL THEN jsonb_build_object('code', error->>'code', 'message', 'The texts of this run were erased.') END
            WHERE tenant_id = tenant AND id = ANY (told);
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'runs'; things := n; RETURN NEXT;
            UPDATE agentsystem.feedback SET comment = NULL WHERE tenant_id = tenant AND run_id = ANY (told) AND comment IS NOT NULL;
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'feedback_comments'; things := n; RETURN NEXT;
            UPDATE agentsystem.webhook_deliveries SET user_name = pseudonym, last_error = NULL WHERE tenant_id = tenant AND user_name = who;
            DELETE FROM agentsystem.schedules WHERE tenant_id = tenant AND user_name = who;
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'schedules'; things := n; RETURN NEXT;

            SELECT array_agg(id) INTO told FROM agentsystem.session_conflicts AS c WHERE tenant_id = tenant AND (user_name = who OR EXISTS (
                SELECT FROM agentsystem.sessions AS s WHERE s.tenant_id = tenant AND s.agent = c.agent AND s.session = c.session AND s.user_name = who));
            DELETE FROM agentsystem.session_requests AS r WHERE tenant_id = tenant AND EXISTS (SELECT FROM unnest(told) AS conflict WHERE position(conflict IN r.answer::text) > 0);
            DELETE FROM agentsystem.session_conflicts WHERE tenant_id = tenant AND id = ANY (told);
            DELETE FROM agentsystem.session_outbox AS o WHERE tenant_id = tenant AND (position('"' || who || '"' IN o.change::text) > 0 OR EXISTS (
                SELECT FROM agentsystem.sessions AS s WHERE s.tenant_id = tenant AND s.agent = o.agent AND s.session = o.session AND s.user_name = who));
            DELETE FROM agentsystem.session_keys AS k USING agentsystem.sessions AS s
            WHERE k.tenant_id = tenant AND s.tenant_id = tenant AND s.agent = k.agent AND s.session = k.session AND s.user_name = who;
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'state_keys'; things := n; RETURN NEXT;
            UPDATE agentsystem.sessions SET user_name = pseudonym, deleted = true, bytes = 0, keys = 0, version = version + 1 WHERE tenant_id = tenant AND user_name = who;

            DELETE FROM agentsystem.flagged_inputs WHERE tenant_id = tenant AND user_name = who;
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'flagged_inputs'; things := n; RETURN NEXT;
            UPDATE agentsystem.model_calls SET user_name = pseudonym WHERE tenant_id = tenant AND user_name = who;
            GET DIAGNOSTICS n = ROW_COUNT;
            place := 'names_in_the_ledger'; things := n; RETURN NEXT;

            IF threads_too THEN
                DELETE FROM agentsystem.threads WHERE tenant_id = tenant AND user_name = who;
                GET DIAGNOSTICS n = ROW_COUNT;
                place := 'threads'; things := n; RETURN NEXT;
            END IF;
        END $$;
        REVOKE ALL ON FUNCTION agentsystem.erase_user(text, text, boolean) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION agentsystem.erase_user(text, text, boolean) TO agentsystem_app;
        """;
}
