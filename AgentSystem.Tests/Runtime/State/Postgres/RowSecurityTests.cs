using AgentSystem.Tests.Harness;
using Npgsql;

namespace AgentSystem.Tests.Runtime.State.Postgres;

/// <summary>Asks the catalogue which tables there are, so a table that a later migration forgets to isolate fails here.</summary>
public sealed class RowSecurityTests(TestPostgres postgres)
{
    // Entity Framework's own bookkeeping: the app role has no rights on it (asserted below).
    private static readonly string[] Bookkeeping = ["runtime_migrations", "control_migrations"];

    [Fact]
    public async Task EveryTable_HasATenantColumnAndRowSecurity_AndIsNotTheAppRoles()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        foreach (var table in await TablesAsync(database))
        {
            var closed = $"SELECT NOT has_table_privilege('agentsystem_app', 'agentsystem.{table}', 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')";
            if (Bookkeeping.Contains(table))
            {
                Assert.True((bool)(await database.ScalarAsync(closed))!, table);
                continue;
            }

            Assert.True((bool)(await database.ScalarAsync($"SELECT relrowsecurity FROM pg_class WHERE oid = 'agentsystem.{table}'::regclass"))!, $"{table} has no row security");
            Assert.True((bool)(await database.ScalarAsync($"SELECT exists (SELECT FROM information_schema.columns WHERE table_schema = 'agentsystem' AND table_name = '{table}' AND column_name = 'tenant_id' AND is_nullable = 'NO')"))!, $"{table} has no tenant_id");
            Assert.True((bool)(await database.ScalarAsync($"SELECT pg_get_userbyid(relowner) <> 'agentsystem_app' FROM pg_class WHERE oid = 'agentsystem.{table}'::regclass"))!, $"{table} belongs to the app role");
            Assert.True((bool)(await database.ScalarAsync($"SELECT NOT has_table_privilege('agentsystem_app', 'agentsystem.{table}', 'TRUNCATE')"))!, $"{table} can be truncated, which no policy stops");
        }

        Assert.True((bool)(await database.ScalarAsync("SELECT NOT rolsuper AND NOT rolbypassrls AND NOT rolcanlogin FROM pg_roles WHERE rolname = 'agentsystem_app'"))!);
    }

    [Fact]
    public async Task ATenant_InEveryTable_SeesAndChangesOnlyItsOwnRows()
    {
        await using var database = await MigratedDatabase.CreateAsync(postgres);
        foreach (var tenant in new[] { MigratedDatabase.TenantA, MigratedDatabase.TenantB })
        {
            await FillAsync(database, tenant);
        }

        foreach (var table in (await TablesAsync(database)).Except(Bookkeeping))
        {
            if (!(bool)(await database.ScalarAsync($"SELECT has_table_privilege('agentsystem_app', 'agentsystem.{table}', 'SELECT')"))!)
            {
                continue;
            }

            var both = (long)(await database.ScalarAsync($"SELECT count(DISTINCT tenant_id) FROM agentsystem.{table} WHERE tenant_id IN ('{MigratedDatabase.TenantA}', '{MigratedDatabase.TenantB}')"))!;
            Assert.True(both == 2, $"This test does not fill the table {table}: add it to FillAsync.");
            Assert.Equal(MigratedDatabase.TenantA, await AsAsync(database, MigratedDatabase.TenantA, $"SELECT string_agg(DISTINCT tenant_id, ',') FROM agentsystem.{table}"));
            Assert.Equal(0L, await AsAsync(database, "", $"SELECT count(*) FROM agentsystem.{table}"));
            await RefusedAsync(database, table, "UPDATE", $"UPDATE agentsystem.{table} SET tenant_id = tenant_id WHERE tenant_id = '{MigratedDatabase.TenantB}'");
            await RefusedAsync(database, table, "DELETE", $"DELETE FROM agentsystem.{table} WHERE tenant_id = '{MigratedDatabase.TenantB}'");
            // The other tenant's rows, read by the owner, written as tenant A.
            await RefusedAsync(database, table, "INSERT", await CopyOfAsync(database, table));
        }
    }

    private static async Task FillAsync(MigratedDatabase database, string tenant)
    {
        await using var fill = database.Source.CreateCommand($"""
            INSERT INTO agentsystem.api_keys (tenant_id, id, hash, name, prefix, scopes, agents, tools, created_at)
                VALUES ('{tenant}', 'key', sha256('{tenant}'), 'name', 'as-', '{"{}"}', '{"{}"}', '{"{}"}', now());
            INSERT INTO agentsystem.agents (tenant_id, name, active_version) VALUES ('{tenant}', 'agent', 1);
            INSERT INTO agentsystem.agent_versions (tenant_id, name, version, definition) VALUES ('{tenant}', 'agent', 1, '{"{}"}');
            INSERT INTO agentsystem.agent_types (tenant_id, type) VALUES ('{tenant}', 'assistant');
            INSERT INTO agentsystem.memories (tenant_id, user_name, agent, id, text, text_hash, embedding, vector, at)
                VALUES ('{tenant}', 'u', 'agent', 'mem', 'text', sha256('text'), 'none', '', now());
            INSERT INTO agentsystem.memory_history (tenant_id, memory_id, version, text, valid_from, recorded_from, recorded_to) VALUES ('{tenant}', 'mem', 1, 'text', now(), now(), now());
            INSERT INTO agentsystem.memory_entities (tenant_id, memory_id, folded, user_name, agent, name, type) VALUES ('{tenant}', 'mem', 'ann', 'u', 'agent', 'Ann', 'name');
            INSERT INTO agentsystem.memory_edges (tenant_id, memory_id, from_entity, relation, to_entity) VALUES ('{tenant}', 'mem', 'ann', 'with', 'bo');
            INSERT INTO agentsystem.memory_vectors (tenant_id, memory_id, embedding, user_name, agent, version) VALUES ('{tenant}', 'mem', 'none', 'u', 'agent', 1);
            INSERT INTO agentsystem.memory_outbox (tenant_id, memory_id, version) VALUES ('{tenant}', 'mem', 1);
            INSERT INTO agentsystem.memory_erasures (tenant_id, id, subject, at, body, signature, key_id) VALUES ('{tenant}', 'ers', 'hash', now(), '{"{}"}', '', 'key');
            INSERT INTO agentsystem.threads (tenant_id, id, user_name, metadata, created_at, updated_at) VALUES ('{tenant}', 'thread', 'user:u', '{"{}"}', now(), now());
            INSERT INTO agentsystem.thread_messages (tenant_id, thread_id, number, role, text, calls, at) VALUES ('{tenant}', 'thread', 1, 'user', 'hi', '[]', now());
            INSERT INTO agentsystem.documents (tenant_id, id, title, title_folded, media_type, bytes, characters, chunks, sha256, created_by, created_at)
                VALUES ('{tenant}', 'doc', 'title', 'title', 'text/plain', 4, 4, 1, sha256('text'), 'key', now());
            INSERT INTO agentsystem.document_chunks (tenant_id, document_id, number, text, words) VALUES ('{tenant}', 'doc', 1, 'text', 'text');
            INSERT INTO agentsystem.recordings (tenant_id, id, owner, state, events, heartbeat_at, created_at, expires_at) VALUES ('{tenant}', 'rec', 'me', 'open', 1, now(), now(), now());
            INSERT INTO agentsystem.recording_blocks (tenant_id, recording_id, first, count, payload) VALUES ('{tenant}', 'rec', 0, 1, '');
            INSERT INTO agentsystem.idempotent_requests (tenant_id, scope, body_hash, recording_id) VALUES ('{tenant}', sha256('scope'), sha256('body'), 'rec');
            INSERT INTO agentsystem.responses (tenant_id, id, key_id, user_name, background, status, request, input, output, result, created_at, expires_at)
                VALUES ('{tenant}', 'resp', 'key', 'user:u', false, 'completed', '{"{}"}', '[]', '[]', '{"{}"}', now(), now());
            INSERT INTO agentsystem.sessions (tenant_id, agent, session, user_name, version, bytes, keys, deleted, batch, created_at, updated_at)
                VALUES ('{tenant}', 'agent', 'session', 'user:u', 1, 4, 1, false, gen_random_uuid(), now(), now());
            INSERT INTO agentsystem.session_keys (tenant_id, agent, session, key, value, bytes, version, sequence, writer, writer_agent, updated_at)
                VALUES ('{tenant}', 'agent', 'session', 'key', '1', 1, 1, 1, 'key', 'agent', now());
            INSERT INTO agentsystem.session_requests (tenant_id, id, body, answer, at) VALUES ('{tenant}', 'request', '', '1', now());
            INSERT INTO agentsystem.session_outbox (tenant_id, agent, session, basis, change) VALUES ('{tenant}', 'agent', 'session', 0, '1');
            INSERT INTO agentsystem.session_conflicts (tenant_id, id, agent, session, key, reason, rule, current_version, incoming, action, incoming_agent, incoming_key, user_name, transaction_id, created_at)
                VALUES ('{tenant}', 'conflict', 'agent', 'session', 'key', 'changed', 'human', 0, '1', 'replace', 'agent', 'key', 'user:u', 'txn', now());
            INSERT INTO agentsystem.feedback (tenant_id, id, agent, rating, at) VALUES ('{tenant}', 'fb', 'agent', 5, now());
            INSERT INTO agentsystem.budgets (tenant_id, id, scope, kind, limit_usd, budget_window, on_exceeded, warn_at, created_at, created_by)
                VALUES ('{tenant}', 'bud', 'key:key', 'key', 1, 'day', 'stop', 0.8, now(), 'key');
            INSERT INTO agentsystem.budget_windows (tenant_id, budget_id, starts_at, ceiling_usd, granted_usd) VALUES ('{tenant}', 'bud', 'epoch', 1, 1);
            INSERT INTO agentsystem.budget_leases (tenant_id, budget_id, starts_at, holder, credit_usd, sent_usd, used_usd) VALUES ('{tenant}', 'bud', 'epoch', 'here', 1, 0, 0);
            INSERT INTO agentsystem.budget_holders (tenant_id, id, beat_at) VALUES ('{tenant}', 'here', now());
            INSERT INTO agentsystem.model_calls (tenant_id, id, at, key_id, agent, agent_version, request_id, model, input_tokens, output_tokens, cost_usd, estimated)
                VALUES ('{tenant}', gen_random_uuid(), now(), 'key', 'agent', 1, 'request', 'small', 1, 1, 1, false);
            INSERT INTO agentsystem.calls_under_way (tenant_id, id, at, key_id, agent, agent_version, request_id, model, input_tokens, output_tokens, cost_usd, estimated, holder, cells)
                VALUES ('{tenant}', gen_random_uuid(), now(), 'key', 'agent', 1, 'request', 'small', 1, 1, 1, true, 'here', '[]');
            INSERT INTO agentsystem.runs (tenant_id, id, user_name, caller, agent, input, status, created_at) VALUES ('{tenant}', 'run', 'user:u', '{"{}"}', 'agent', 'hi', 'pending', now());
            INSERT INTO agentsystem.run_steps (tenant_id, run_id, index, key, kind, name, status, started_at) VALUES ('{tenant}', 'run', 1, 'm0', 'model', 'small', 'done', now());
            INSERT INTO agentsystem.run_events (tenant_id, run_id, number, type, data, at) VALUES ('{tenant}', 'run', 1, 'run.status', '{"{}"}', now());
            INSERT INTO agentsystem.instances (tenant_id, name, slots, in_use, waiting, draining, beat_at) VALUES ('{tenant}', 'here', 1, 0, 0, false, now());
            INSERT INTO agentsystem.webhooks (tenant_id, id, url, events, created_at) VALUES ('{tenant}', 'hook', 'https://example.com', '{"{}"}', now());
            INSERT INTO agentsystem.webhook_deliveries (tenant_id, id, user_name, run_id, url, event, run_status, due_at, created_at)
                VALUES ('{tenant}', 'msg', 'user:u', 'run', 'https://example.com', 'run.finished', 'success', now(), now());
            INSERT INTO agentsystem.schedules (tenant_id, id, name, cron, run, user_name, enabled, created_at) VALUES ('{tenant}', 'tick', 'name', '* * * * *', '{"{}"}', 'user:u', false, now());
            INSERT INTO agentsystem.containments (tenant_id, id, kind, scope, reason, placed_by, placed_at) VALUES ('{tenant}', 'ctm', 'throttle', 'key:key', 'why', 'me', now());
            INSERT INTO agentsystem.incidents (tenant_id, id, kind, subject, severity, status, summary, reports, opened_at, last_at)
                VALUES ('{tenant}', 'inc', 'scanning', 'key:key', 3, 'open', 'seen', 1, now(), now());
            INSERT INTO agentsystem.incident_reports (tenant_id, incident_id, number, at, summary, figures) VALUES ('{tenant}', 'inc', 1, now(), 'seen', '{"{}"}');
            INSERT INTO agentsystem.indicators (tenant_id, id, kind, value, confidence, origin, added_at) VALUES ('{tenant}', 'ind', 'phrase', 'words', 0.5, 'list', now());
            INSERT INTO agentsystem.indicator_versions (tenant_id, version) VALUES ('{tenant}', 1);
            INSERT INTO agentsystem.verdict_counts (tenant_id, minute, verdict, texts) VALUES ('{tenant}', now(), 'blocked', 1);
            INSERT INTO agentsystem.flagged_inputs (tenant_id, id, at, key_id, user_name, body) VALUES ('{tenant}', 'flg', now(), 'key', 'user:u', '{"{}"}');
            INSERT INTO agentsystem.conduct_profiles (tenant_id, subject, learned, rate_mean, rate_variance, cost_mean, cost_variance, updated_at)
                VALUES ('{tenant}', 'key:key', 1, 1, 1, 1, 1, now());
            INSERT INTO agentsystem.audit_entries (tenant_id, stream, sequence, previous, hash, body)
                VALUES ('{tenant}', '{tenant}', 1, sha256(''), sha256(''), '{"{"}"at":"","action":"","object":"","actor":"","decision":""{"}"}');
            INSERT INTO agentsystem.audit_subjects (tenant_id, token, id, wrapped_key) VALUES ('{tenant}', sha256('anna'), 'sub', '');
            INSERT INTO agentsystem.data_keys (tenant_id, version, seals, wraps, created_at) VALUES ('{tenant}', 1, 0, '{"{}"}', now());
            INSERT INTO agentsystem.root_secrets (tenant_id, root_id, generation, kept, created_at) VALUES ('{tenant}', 'root', 1, '', now());
            INSERT INTO agentsystem.tools (tenant_id, name, state, active_version, latest_version, created_at, created_by) VALUES ('{tenant}', 'tool', 'active', 1, 1, now(), 'key');
            INSERT INTO agentsystem.tool_versions (tenant_id, name, version, definition, hash, created_at, created_by) VALUES ('{tenant}', 'tool', 1, '{"{}"}', 'hash', now(), 'key');
            INSERT INTO agentsystem.tool_credentials (tenant_id, name, headers, sealed) VALUES ('{tenant}', 'tool', '{"{}"}', '');
            INSERT INTO agentsystem.facts (tenant_id, at, id, kind, body) VALUES ('{tenant}', now(), gen_random_uuid(), 'kind', '{"{}"}');
            """);
        await fill.ExecuteNonQueryAsync();
    }

    /// <summary>The statement must change no row of the other tenant: the policy hides them, or the privilege is missing, or the policy refuses.</summary>
    private static async Task RefusedAsync(MigratedDatabase database, string table, string privilege, string sql)
    {
        await using var session = await database.Runtime.OpenAsync(MigratedDatabase.TenantA, CancellationToken.None);
        await using var attempt = session.Command(sql);
        try
        {
            Assert.True(await attempt.ExecuteNonQueryAsync() == 0, $"{privilege} reached another tenant's row in {table}");
        }
        catch (PostgresException refusal)
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    private static async Task<string> CopyOfAsync(MigratedDatabase database, string table) =>
        (string)(await database.ScalarAsync($"""
            SELECT format('INSERT INTO agentsystem.{table} (%1$s) SELECT %1$s FROM json_populate_record(NULL::agentsystem.{table}, %2$L)', columns.names, row_to_json(copied_row))
            FROM agentsystem.{table} AS copied_row,
                (SELECT string_agg(quote_ident(column_name), ', ') AS names FROM information_schema.columns
                 WHERE table_schema = 'agentsystem' AND table_name = '{table}' AND is_generated = 'NEVER') AS columns
            WHERE tenant_id = '{MigratedDatabase.TenantB}' LIMIT 1
            """))!;

    private static async Task<object?> AsAsync(MigratedDatabase database, string tenant, string sql)
    {
        await using var session = await database.Runtime.OpenAsync(tenant, CancellationToken.None);
        await using var command = session.Command(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<IReadOnlyList<string>> TablesAsync(MigratedDatabase database) =>
        (string[])(await database.ScalarAsync("SELECT array_agg(table_name::text) FROM information_schema.tables WHERE table_schema = 'agentsystem' AND table_type = 'BASE TABLE'"))!;
}
