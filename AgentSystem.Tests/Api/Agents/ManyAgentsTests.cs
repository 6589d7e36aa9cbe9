using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents.Postgres;
using AgentSystem.Runtime.Security;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Api.Agents;

/// <summary>Ten thousand agents, their tenants and the keys that may see some of them.</summary>
public sealed class ManyAgentsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Many = 10_000;
    private const string Other = "other";

    [Fact]
    public async Task List_TenThousandAgents_PagesThroughAllOfThemWhileAgentsComeAndGo()
    {
        await FillAsync("crowd");
        using var client = await ClientOfAsync("crowd", [Scopes.Admin]);
        var (seen, cursor, pages) = (new List<string>(), "", 0);
        do
        {
            var page = await PageAsync(client, $"?limit=200{cursor}");
            seen.AddRange(page.Data.Select(agent => agent.Name));
            cursor = page.NextCursor is { } next ? "&cursor=" + next : null;
            if (++pages == 10)
            {
                // One comes and one goes on each side of the cursor, and one in another tenant.
                await AgentsTests.MakeAsync(await ClientOfAsync(Other, [Scopes.Admin]), "a000500-elsewhere", "x");
                using var archivedBefore = await client.DeleteAsync($"{AgentsTests.Path}/a000001");
                using var archivedAfter = await client.DeleteAsync($"{AgentsTests.Path}/a009999");
                await AgentsTests.MakeAsync(client, "a000001-new", "x");
                await AgentsTests.MakeAsync(client, "zz-new", "x");
            }
        }
        while (cursor is not null);

        Assert.Equal(Many, seen.Count);
        Assert.Equal(seen.Order(StringComparer.Ordinal).Distinct(), seen);
        Assert.Contains("zz-new", seen);
        Assert.DoesNotContain("a009999", seen);
        Assert.DoesNotContain("a000001-new", seen);
        Assert.Equal(50, pages);
    }

    [Fact]
    public async Task List_PastTheEnd_IsEmptyAndSearchFindsOneOfMany()
    {
        await FillAsync("haystack");
        using var client = await ClientOfAsync("haystack", [Scopes.Admin]);
        var last = await PageAsync(client, "?cursor=" + System.Buffers.Text.Base64Url.EncodeToString("zzz"u8));
        var found = await PageAsync(client, "?q=" + Uri.EscapeDataString("NUMBER 7777."));

        Assert.Empty(last.Data);
        Assert.Null(last.NextCursor);
        Assert.Equal(["a007777"], found.Data.Select(agent => agent.Name));
    }

    [Fact]
    public async Task Create_AtTheQuota_Answers409WithTheCure()
    {
        await FillAsync("full");
        using var client = await ClientOfAsync("full", [Scopes.Admin]);
        using var refused = await client.PostAsJsonAsync(AgentsTests.Path, new CreateAgent("one-more", "small", "x"), PlatformJson.Options);
        using var archived = await client.DeleteAsync($"{AgentsTests.Path}/a000000");
        using var made = await client.PostAsJsonAsync(AgentsTests.Path, new CreateAgent("one-more", "small", "x"), PlatformJson.Options);
        using var back = await client.PostAsJsonAsync($"{AgentsTests.Path}/a000000/activate", new ActivateAgent(1), PlatformJson.Options);

        Assert.Contains("Agents:MaxPerTenant", await AgentsTests.ExpectAsync(refused, HttpStatusCode.Conflict, "too_many_agents", "name"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        await AgentsTests.ExpectAsync(back, HttpStatusCode.Conflict, "too_many_agents", "name");
    }

    [Fact]
    public async Task Create_OneTypeTooMany_Answers409AndNamesTheTypesThereAre()
    {
        using var client = await ClientOfAsync("typed", [Scopes.Admin]);
        for (var i = 0; i < 50; i++)
        {
            using var made = await client.PostAsJsonAsync(AgentsTests.Path, new CreateAgent($"t{i}", "small", "x", Type: $"type{i}"), PlatformJson.Options);
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }

        using var refused = await client.PostAsJsonAsync(AgentsTests.Path, new CreateAgent("t50", "small", "x", Type: "type50"), PlatformJson.Options);
        using var version = await client.PostAsJsonAsync($"{AgentsTests.Path}/t1/versions", new CreateAgent("t1", "small", "x", Type: "type50"), PlatformJson.Options);
        using var known = await client.PostAsJsonAsync(AgentsTests.Path, new CreateAgent("t50", "small", "x", Type: "type7"), PlatformJson.Options);

        Assert.Contains("type0, type1, type10", await AgentsTests.ExpectAsync(refused, HttpStatusCode.Conflict, "too_many_types", "type"), StringComparison.Ordinal);
        await AgentsTests.ExpectAsync(version, HttpStatusCode.Conflict, "too_many_types", "type");
        Assert.Equal(HttpStatusCode.Created, known.StatusCode);
    }

    [Fact]
    public async Task Plans_OfAPageAndALookUp_UseAnIndexAndReadNoMoreThanTheyShow()
    {
        await FillAsync("planned");
        var source = api.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "SELECT set_config('role', 'agentsystem_app', true), set_config('agentsystem.tenant', 'planned', true)");
        var page = await PlanAsync(connection, PostgresAgentStore.PageSql, "planned", "a005000", null, null, 51);
        var find = await PlanAsync(connection, PostgresAgentStore.FindSql, "planned", "a005000");

        Assert.Contains("agents_by_name", page, StringComparison.Ordinal);
        Assert.Contains("rows=51.00 loops=1", page.Replace("rows=51 loops", "rows=51.00 loops", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("Rows Removed", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", find, StringComparison.Ordinal);
        Assert.Contains("agents_pkey", find, StringComparison.Ordinal);
        Assert.Contains("agent_versions_pkey", find, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgentsOfAnotherTenant_AreNotThere()
    {
        using var theirs = await ClientOfAsync("them", [Scopes.Admin]);
        using var mine = api.Client();
        await AgentsTests.MakeAsync(theirs, "secret", "Theirs.");
        await AgentsTests.MakeAsync(theirs, "assistant", "Theirs.");

        Assert.DoesNotContain("secret", (await PageAsync(mine, "?q=secret")).Data.Select(agent => agent.Name));
        Assert.Equal(["assistant", "secret"], (await PageAsync(theirs, "")).Data.Select(agent => agent.Name));
        Assert.NotEqual("Theirs.", (await mine.GetFromJsonAsync<AgentVersionView>($"{AgentsTests.Path}/assistant", PlatformJson.Options))!.Instructions);
        foreach (var (method, path, body) in Everything("secret"))
        {
            using var answer = await AgentsTests.SendAsync(mine, method, path, body, null);
            await AgentsTests.ExpectAsync(answer, HttpStatusCode.NotFound, "agent_not_found", "name");
        }

        using var chat = await mine.PostAsync("/v1/chat/completions", AgentsTests.Chat("secret", "hi"));
        Assert.Equal(HttpStatusCode.NotFound, chat.StatusCode);
    }

    [Fact]
    public async Task KeyForSomeAgents_SeesAndChangesOnlyThose()
    {
        using var admin = api.Client();
        await AgentsTests.MakeAsync(admin, "allowed", "x");
        await AgentsTests.MakeAsync(admin, "hidden", "x");
        using var client = await api.ClientWithAsync(new CreateKey("some", [Scopes.AgentsRead, Scopes.AgentsWrite, Scopes.Chat], Agents: ["allowed", "future"]));
        using var changed = await AgentsTests.AddAsync(client, "allowed", "y");
        using var future = await client.PostAsJsonAsync(AgentsTests.Path, new CreateAgent("future", "small", "x"), PlatformJson.Options);
        using var other = await client.PostAsJsonAsync(AgentsTests.Path, new CreateAgent("another", "small", "x"), PlatformJson.Options);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (changed.StatusCode, future.StatusCode));
        await AgentsTests.ExpectAsync(other, HttpStatusCode.Forbidden, "agent_not_allowed", "name");
        Assert.Equal(["allowed", "future"], (await PageAsync(client, "")).Data.Select(agent => agent.Name));
        foreach (var (method, path, body) in Everything("hidden"))
        {
            using var answer = await AgentsTests.SendAsync(client, method, path, body, null);
            await AgentsTests.ExpectAsync(answer, HttpStatusCode.NotFound, "agent_not_found", "name");
        }
    }

    private static IEnumerable<(HttpMethod Method, string Path, string? Body)> Everything(string name) =>
    [
        (HttpMethod.Get, $"{AgentsTests.Path}/{name}", null),
        (HttpMethod.Get, $"{AgentsTests.Path}/{name}/versions", null),
        (HttpMethod.Get, $"{AgentsTests.Path}/{name}/versions/1", null),
        (HttpMethod.Get, $"{AgentsTests.Path}/{name}/diff?from=1&to=1", null),
        (HttpMethod.Post, $"{AgentsTests.Path}/{name}/versions", $$"""{"name":"{{name}}","model":"small","instructions":"x"}"""),
        (HttpMethod.Post, $"{AgentsTests.Path}/{name}/activate", """{"version":1}"""),
        (HttpMethod.Delete, $"{AgentsTests.Path}/{name}", null),
    ];

    private static async Task<ListPage<AgentView>> PageAsync(HttpClient client, string query) => (await client.GetFromJsonAsync<ListPage<AgentView>>(AgentsTests.Path + query, PlatformJson.Options))!;

    /// <summary>A tenant with as many agents as it may have, written as the store writes them.</summary>
    private async Task FillAsync(string tenant)
    {
        await AddTenantAsync(tenant);
        await using var connection = await api.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await ExecuteAsync(connection, $$"""
            WITH made AS (
                SELECT 'a' || lpad(i::text, 6, '0') AS name, jsonb_build_object(
                    'tenant', '{{tenant}}', 'name', 'a' || lpad(i::text, 6, '0'), 'version', 1, 'type', 'assistant', 'specialization', 'general', 'description', 'Number ' || i || '.',
                    'model', 'small', 'instructions', 'Be number ' || i || '.', 'tools', '[]'::jsonb, 'limits', '{"max_steps":8,"max_seconds":60,"max_output_tokens":1024}'::jsonb, 'quality', 'stream') AS definition
                FROM generate_series(0, {{Many - 1}}) AS i),
            agents AS (
                INSERT INTO agentsystem.agents (tenant_id, name, active_version, type, description, summary)
                SELECT '{{tenant}}', name, 1, 'assistant', definition->>'description', definition - 'instructions' - 'quality' - 'tenant' FROM made RETURNING name)
            INSERT INTO agentsystem.agent_versions (tenant_id, name, version, definition)
            SELECT '{{tenant}}', name, 1, definition FROM made
            """);
        await ExecuteAsync(connection, "ANALYZE agentsystem.agents, agentsystem.agent_versions");
    }

    private async Task AddTenantAsync(string tenant)
    {
        await using var connection = await api.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await ExecuteAsync(connection, $"INSERT INTO agentsystem.tenants (tenant_id) VALUES ('{tenant}') ON CONFLICT DO NOTHING");
    }

    private async Task<HttpClient> ClientOfAsync(string tenant, IReadOnlyList<string> scopes)
    {
        await AddTenantAsync(tenant);
        var secret = KeySecrets.Create();
        var view = new KeyView($"key_{tenant}_{Guid.NewGuid():N}", $"{tenant}'s", KeySecrets.Prefix(secret), tenant, null, null, scopes, ["*"], ["*"], KeyLimits.None, TimeProvider.System.GetUtcNow(), null, null, null);
        await api.Services.GetRequiredService<IKeyStore>().AddAsync(new StoredKey(api.Services.GetRequiredService<KeySecrets>().Hash(secret), view), default);
        return api.Client(secret);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> PlanAsync(NpgsqlConnection connection, string sql, params object?[] values)
    {
        await using var explain = new NpgsqlCommand("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + sql, connection);
        foreach (var value in values)
        {
            explain.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        var lines = new List<string>();
        await using var reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
