using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Incidents;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Api.Security;

/// <summary>One thing of every kind that a path can name, made through the API by its owner: the makers of the tenant matrix.</summary>
internal sealed class TenantHouse
{
    private readonly Dictionary<string, Dictionary<string, string>> values = new(StringComparer.Ordinal);

    /// <summary>Ids and names of everything in the house.</summary>
    public IEnumerable<string> Everything => values.Values.SelectMany(static named => named.Values).Where(static value => value.Length > 3).Distinct();

    /// <summary>The values for a path's parameters, by the longest beginning that has a maker; null where no maker is.</summary>
    public Func<string, string>? For(string pattern) =>
        values.Keys.Where(prefix => pattern.StartsWith(prefix, StringComparison.Ordinal)).MaxBy(static prefix => prefix.Length) is { } found ? name => values[found][name] : null;

    public static async Task<TenantHouse> FillAsync(ApiFixture api, HttpClient owner)
    {
        var house = new TenantHouse();
        await MakeAsync(owner, "/api/v1/agents", """{"name":"matrix-agent","model":"small","instructions":"Stay."}""");
        house.Put("/api/v1/agents/", ("name", "matrix-agent"), ("version", "1"));
        house.Put("/v1/models/", ("id", "matrix-agent"));
        house.Put("/api/v1/documents/", ("id", await MakeAsync(owner, "/api/v1/documents", """{"title":"matrix document","text":"Words that nobody else may read."}""")));
        house.Put("/api/v1/keys/", ("id", await MakeAsync(owner, "/api/v1/keys", """{"name":"matrix key","scopes":["chat"]}""")));
        house.Put("/api/v1/threads/", ("id", await MakeAsync(owner, "/api/v1/threads", """{"title":"matrix thread"}""")));
        house.Put("/api/v1/schedules/", ("id", await MakeAsync(owner, "/api/v1/schedules", """{"name":"matrix schedule","cron":"0 0 1 1 *","agent":"matrix-agent","input":"hello"}""")));
        house.Put("/api/v1/webhooks/", ("id", await MakeAsync(owner, "/api/v1/webhooks", """{"url":"http://127.0.0.1:9/matrix"}""")));
        using var tool = await owner.PostAsync("/api/v1/tools", BadInputTests.Json("""{"name":"matrix-tool","kind":"http","url":"http://127.0.0.1:9/matrix","effect":"read"}"""));
        Assert.True(tool.IsSuccessStatusCode, await tool.Content.ReadAsStringAsync());
        house.Put("/api/v1/tools/", ("name", "matrix-tool"));
        house.Put("/v1/responses/", ("id", await MakeAsync(owner, "/v1/responses", """{"model":"matrix-agent","input":"hello","background":true,"stream":false}""")));
        house.Put("/api/v1/runs/", ("id", await MakeAsync(owner, "/api/v1/runs", """{"agent":"matrix-agent","input":"hello"}""")));

        var dead = await MakeAsync(owner, "/api/v1/runs", """{"agent":"matrix-agent","input":"die"}""");
        await owner.EndedAsync(dead);
        await using (var die = api.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            $$"""UPDATE agentsystem.runs SET status = 'error', output = NULL, error = '{"code":"attempts_exhausted","message":"too much"}', dead_at = now() WHERE id = '{{dead}}'"""))
        {
            await die.ExecuteNonQueryAsync();
        }

        house.Put("/api/v1/dead-letters/", ("id", "dead_" + dead));
        house.Put("/api/v1/state/", ("agent", "matrix-agent"), ("session", "matrix-session"));
        house.Put("/api/v1/state/conflicts/", ("id", await ConflictAsync(owner)));
        using var chat = await owner.PostAsync("/v1/chat/completions", BadInputTests.Json("""{"model":"matrix-agent","messages":[{"role":"user","content":"hello"}]}"""));
        house.Put("/api/v1/usage/requests/", ("id", chat.Headers.GetValues("x-request-id").Single()));
        await SecurityAsync(api, owner, house);
        house.Put("/api/v1/memory/", ("id", await MakeAsync(owner, "/api/v1/memory", """{"agent":"matrix-agent","kind":"semantic","text":"Words that nobody else may remember."}""")));
        house.Put("/api/v1/memory/erasures/", ("id", await MakeAsync(owner, "/api/v1/memory/erasures", """{"user":"matrix-nobody"}""")));

        // Last: whoever does not know what the model costs may not spend from it.
        house.Put("/api/v1/budgets/", ("id", await MakeAsync(owner, "/api/v1/budgets", """{"scope":"agent:matrix-agent","limit_usd":5,"window":"day","on_exceeded":"stop"}""")));
        return house;
    }

    /// <summary>An incident, a containment, an indicator and an entry of the audit log, all of the owner's tenant.</summary>
    private static async Task SecurityAsync(ApiFixture api, HttpClient owner, TenantHouse house)
    {
        house.Put("/api/v1/security/containments/", ("id", await MakeAsync(owner, "/api/v1/security/containments", """{"kind":"throttle","scope":"user:matrix-user","reason":"a test"}""")));
        var entry = await owner.GetFromJsonAsync<JsonElement>("/api/v1/security/audit?limit=1");
        house.Put("/api/v1/security/audit/", ("id", entry.GetProperty("data")[0].GetProperty("id").GetString()!));
        var tenant = (await owner.GetFromJsonAsync<JsonElement>("/api/v1/me")).GetProperty("tenant").GetString()!;
        var incident = await api.Services.GetRequiredService<IIncidents>().ReportAsync(new IncidentReport(tenant, IncidentKinds.CanarySeen, "user:matrix-user", ScreenSeverity.Low, "A test.", "req_matrix"), default);
        house.Put("/api/v1/security/incidents/", ("id", incident.Id));
        await MakeAsync(owner, "/api/v1/security/intelligence", """{"source":"matrix-source","list":"203.0.113.77"}""");
        var indicators = await owner.GetFromJsonAsync<JsonElement>("/api/v1/security/intelligence?source=matrix-source");
        house.Put("/api/v1/security/intelligence/", ("id", indicators.GetProperty("data")[0].GetProperty("id").GetString()!));
    }

    private void Put(string prefix, params (string Name, string Value)[] named) => values[prefix] = named.ToDictionary(static one => one.Name, static one => one.Value, StringComparer.Ordinal);

    private static async Task<string> MakeAsync(HttpClient owner, string path, string body)
    {
        using var answer = await owner.PostAsync(path, BadInputTests.Json(body));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        using var made = JsonDocument.Parse(text);
        return made.RootElement.TryGetProperty("id", out var id) ? id.GetString()! : "";
    }

    /// <summary>Three writers of one key: the third is late and leaves the decision to a person.</summary>
    private static async Task<string> ConflictAsync(HttpClient owner)
    {
        var id = "";
        foreach (var value in new[] { 1, 2, 3 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/state/matrix-agent/matrix-session")
            {
                Content = BadInputTests.Json($$"""{"updates":[{"key":"k","value":{{value}},"strategy":"replace"}],"on_conflict":"human"}"""),
            };
            if (value == 3)
            {
                request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            }

            using var answer = await owner.SendAsync(request);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(answer.IsSuccessStatusCode, body.GetRawText());
            id = body.GetProperty("conflicts") is { } conflicts && conflicts.GetArrayLength() > 0 ? conflicts[0].GetProperty("id").GetString()! : id;
        }

        return id;
    }
}
