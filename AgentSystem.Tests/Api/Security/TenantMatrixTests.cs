using System.Net;
using System.Text;
using System.Text.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Api.Runs;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Security;

/// <summary>Every path that names something, asked by an administrator of another tenant: it is not there. The table is made from the endpoints themselves.</summary>
public sealed class TenantMatrixTests(RunsFixture api) : IClassFixture<RunsFixture>
{
    private const string Stranger = "strangers";

    /// <summary>Paths that name what belongs to the platform and not to a tenant; changing it is for those who run the platform.</summary>
    private static readonly string[] Platform = ["/api/v1/models/", "/api/v1/instances/"];

    /// <summary>A body for every endpoint that wants one, good enough to come as far as looking for the thing.</summary>
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["POST /api/v1/agents/{name}/versions"] = """{"name":"matrix-agent","model":"small","instructions":"Mine now."}""",
        ["POST /api/v1/agents/{name}/activate"] = """{"version":1}""",
        ["PATCH /api/v1/threads/{id}"] = """{"title":"mine now"}""",
        ["POST /api/v1/threads/{id}/messages"] = """{"role":"user","text":"mine now"}""",
        ["PATCH /api/v1/memory/{id}"] = """{"text":"mine now"}""",
        ["PATCH /api/v1/schedules/{id}"] = """{"enabled":false}""",
        ["PATCH /api/v1/budgets/{id}"] = """{"limit_usd":9999}""",
        ["POST /api/v1/runs/{id}/approvals"] = """{"id":"call_1","decision":"approve","arguments_hash":"0000"}""",
        ["POST /api/v1/runs/{id}/fork"] = "{}",
        ["POST /api/v1/state/conflicts/{id}/resolve"] = """{"choice":"current"}""",
        ["PATCH /api/v1/state/{agent}/{session}"] = """{"updates":[{"key":"k","value":"mine now","strategy":"replace"}]}""",
        ["POST /api/v1/security/incidents/{id}/contain"] = """{"action":"throttle"}""",
        ["POST /api/v1/security/incidents/{id}/resolve"] = """{"note":"mine now"}""",
        ["PATCH /api/v1/tools/{name}"] = """{"enabled":false}""",
        ["POST /api/v1/tools/{name}/approve"] = """{"version":1}""",
        ["POST /api/v1/tools/{name}/breaker"] = """{"state":"open"}""",
        ["POST /api/v1/tools/{name}/invoke"] = "{}",
        ["POST /api/v1/models/{name}/try"] = """{"prompt":"hello"}""",
        ["POST /api/v1/models/{name}/breaker"] = """{"state":"open"}""",
    };

    [Fact]
    public async Task EveryPathWithAnId_AskedByAnotherTenant_Answers404AndChangesNothing()
    {
        using var owner = api.Client();
        using var stranger = await api.ClientOfAsync(Stranger, Scopes.Admin);
        var house = await TenantHouse.FillAsync(api, owner);
        var named = ApiEndpoint.Of(api).Where(static endpoint => !endpoint.IsPublic && endpoint.Parameters.Count > 0).ToArray();
        var tenants = named.Where(static endpoint => !Platform.Any(prefix => endpoint.Pattern.StartsWith(prefix, StringComparison.Ordinal))).ToArray();

        Assert.Empty(tenants.Where(endpoint => house.For(endpoint.Pattern) is null).Select(static endpoint => $"{endpoint} has no maker in TenantHouse."));
        Assert.Empty(named.Where(static endpoint => endpoint.ReadsJson && !Bodies.ContainsKey(endpoint.ToString())).Select(static endpoint => $"{endpoint} has no body here."));

        var before = await ReadAllAsync(owner, tenants, house);
        var wrong = new List<string>();
        foreach (var endpoint in tenants)
        {
            // Streams too: where a path has none, the query is passed over or refused, and never opens anything.
            foreach (var query in endpoint.Method == "GET" ? ["", "?stream=true", "?from=1&to=1"] : new[] { "" })
            {
                using var answer = await SendAsync(stranger, endpoint, endpoint.Path(house.For(endpoint.Pattern)!) + query);
                if (answer.StatusCode != HttpStatusCode.NotFound && !(query.Length > 0 && answer.StatusCode == HttpStatusCode.BadRequest) && !IsMissingQuery(endpoint, query, answer.StatusCode))
                {
                    wrong.Add($"{endpoint}{query}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(before, await ReadAllAsync(owner, tenants, house));
    }

    [Fact]
    public async Task EveryPathOfThePlatform_ChangedByAnotherTenant_Answers403()
    {
        using var stranger = await api.ClientOfAsync(Stranger, Scopes.Admin);
        var wrong = new List<string>();
        foreach (var endpoint in ApiEndpoint.Of(api).Where(static endpoint => endpoint.Method != "GET" && Platform.Any(prefix => endpoint.Pattern.StartsWith(prefix, StringComparison.Ordinal))))
        {
            using var answer = await SendAsync(stranger, endpoint, endpoint.Path(static _ => "small"));
            if (answer.StatusCode != HttpStatusCode.Forbidden)
            {
                wrong.Add($"{endpoint}: {(int)answer.StatusCode}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task EveryList_AskedByAnotherTenant_NamesNothingOfTheOwners()
    {
        using var owner = await api.ClientOfAsync("owners", Scopes.Admin);

        // Somebody who never asked for anything of theirs: what one names oneself stands among one's own requests.
        using var stranger = await api.ClientOfAsync("strangers-who-look", Scopes.Admin);
        var house = await TenantHouse.FillAsync(api, owner);
        var leaks = new List<string>();
        foreach (var endpoint in ApiEndpoint.Of(api).Where(static endpoint => endpoint is { Method: "GET", IsPublic: false, Parameters.Count: 0, Pattern: not "/metrics" }))
        {
            using var answer = await stranger.GetAsync(endpoint.Pattern);
            var body = await answer.Content.ReadAsStringAsync();
            leaks.AddRange(house.Everything.Where(name => body.Contains(name, StringComparison.Ordinal)).Select(name => $"{endpoint} names {name}"));
        }

        Assert.Empty(leaks);
    }

    [Fact]
    public async Task EveryBodyThatNamesSomething_OfAnotherTenant_DoesNotReachIt()
    {
        using var owner = await api.ClientOfAsync("owners-two", Scopes.Admin);
        using var stranger = await api.ClientOfAsync(Stranger, Scopes.Admin);
        var house = await TenantHouse.FillAsync(api, owner);
        var (thread, response, run, key) = (house.For("/api/v1/threads/")!("id"), house.For("/v1/responses/")!("id"), house.For("/api/v1/runs/")!("id"), house.For("/api/v1/keys/")!("id"));
        using var made = await stranger.PostAsync("/api/v1/agents", BadInputTests.Json("""{"name":"own","model":"small","instructions":"x"}"""));
        foreach (var (path, body) in new[]
        {
            ("/v1/chat/completions", """{"model":"matrix-agent","messages":[{"role":"user","content":"hi"}]}"""),
            ("/v1/chat/completions", $$"""{"model":"own","messages":[{"role":"user","content":"hi"}],"metadata":{"thread_id":"{{thread}}"} }"""),
            ("/v1/responses", $$"""{"model":"own","input":"hi","previous_response_id":"{{response}}"}"""),
            ("/v1/responses", $$"""{"model":"own","input":"hi","conversation":"{{thread}}"}"""),
            ("/api/v1/runs", """{"agent":"matrix-agent","input":"hi"}"""),
            ("/api/v1/runs", $$"""{"agent":"own","input":"hi","thread_id":"{{thread}}"}"""),
            ("/api/v1/runs", $$"""{"agent":"own","input":"hi","parent_run_id":"{{run}}"}"""),
            ("/api/v1/schedules", $$"""{"name":"s","cron":"0 0 1 1 *","agent":"own","input":"hi","thread_id":"{{thread}}"}"""),
            ("/api/v1/schedules", """{"name":"s","cron":"0 0 1 1 *","agent":"matrix-agent","input":"hi"}"""),
            ("/api/v1/threads", """{"agent":"matrix-agent"}"""),
            ("/api/v1/memory", """{"agent":"matrix-agent","kind":"semantic","text":"hi"}"""),
            ("/api/v1/memory/search", """{"agent":"matrix-agent","query":"hi"}"""),
            ("/api/v1/budgets", $$"""{"scope":"key:{{key}}","limit_usd":0.01,"window":"day","on_exceeded":"stop"}"""),
            ("/api/v1/budgets", """{"scope":"tenant:owners-two","limit_usd":0.01,"window":"day","on_exceeded":"stop"}"""),
            ("/api/v1/keys", """{"name":"k","scopes":["chat"],"tenant":"owners-two"}"""),
        })
        {
            using var answer = await stranger.PostAsync(path, BadInputTests.Json(body));
            Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{path} {body}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task IdempotencyKey_OfAnotherTenantsRequest_IsNotAnsweredFromIt()
    {
        using var owner = api.Client();
        using var stranger = await api.ClientOfAsync(Stranger, Scopes.Admin);
        const string body = """{"title":"whose?"}""";
        using var first = await PostAsync(owner, body);
        using var second = await PostAsync(stranger, body);

        Assert.False(second.Headers.Contains("Idempotency-Replayed"));
        Assert.NotEqual(await IdAsync(first), await IdAsync(second));

        static async Task<HttpResponseMessage> PostAsync(HttpClient client, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/threads") { Content = BadInputTests.Json(body) };
            request.Headers.Add("Idempotency-Key", "the-same-for-both");
            return await client.SendAsync(request);
        }

        static async Task<string> IdAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>The comparison of versions wants two numbers before it looks for the agent.</summary>
    private static bool IsMissingQuery(ApiEndpoint endpoint, string query, HttpStatusCode status) =>
        endpoint.Pattern.EndsWith("/diff", StringComparison.Ordinal) && query != "?from=1&to=1" && status == HttpStatusCode.BadRequest;

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, ApiEndpoint endpoint, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), path);
        if (endpoint.ReadsJson)
        {
            request.Content = new StringContent(Bodies[endpoint.ToString()], Encoding.UTF8, "application/json");
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>That the ids are right, and nothing has changed: everything its owner can read, as status codes and the things' own words.</summary>
    private static async Task<IReadOnlyList<string>> ReadAllAsync(HttpClient owner, IEnumerable<ApiEndpoint> endpoints, TenantHouse house)
    {
        var seen = new List<string>();
        foreach (var endpoint in endpoints.Where(static endpoint => endpoint.Method == "GET" && !endpoint.Pattern.EndsWith("/wait", StringComparison.Ordinal)))
        {
            var query = endpoint.Pattern.EndsWith("/diff", StringComparison.Ordinal) ? "?from=1&to=1" : "";
            using var answer = await owner.GetAsync(endpoint.Path(house.For(endpoint.Pattern)!) + query, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{endpoint}: {(int)answer.StatusCode}");
            seen.Add($"{endpoint}: {(endpoint.Pattern.StartsWith("/api/v1/state/{agent}", StringComparison.Ordinal) ? await answer.Content.ReadAsStringAsync() : "there")}");
        }

        return seen;
    }
}
