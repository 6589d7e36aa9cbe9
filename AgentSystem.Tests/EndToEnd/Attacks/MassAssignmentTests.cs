using System.Net;
using AgentSystem.Tests.Api.Chat;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.EndToEnd.Attacks;

/// <summary>Members that nobody asked for: on the platform surface they are refused by name at every endpoint with a body; on OpenAI's they are passed over and change nothing.</summary>
public sealed class MassAssignmentTests(FuzzedApi api) : IClassFixture<FuzzedApi>
{
    private static readonly string[] Wanted = ["tenant", "tenant_id", "role", "roles", "owner", "owner_id", "api_base", "base_url", "api_key", "is_admin", "admin", "scopes", "user_id", "created_by", "id", "key_id", "hash", "revoked_at", "spent_usd", "__proto__", "constructor", "$type", "Tenant"];

    [Fact]
    public async Task EveryBody_WithAMemberThatIsNotItsOwn_IsRefusedByName()
    {
        using var admin = api.Client();
        var endpoints = ApiEndpoint.Of(api).Where(static endpoint => endpoint.ReadsJson && endpoint.Pattern.StartsWith("/api/v1/", StringComparison.Ordinal)).ToArray();
        Assert.True(endpoints.Length > 15);
        var wrong = new List<string>();
        foreach (var endpoint in endpoints)
        {
            var own = Members(endpoint.Body!.RequestType);
            foreach (var member in Wanted.Where(member => !own.Contains(member)))
            {
                using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Path(static _ => "x")) { Content = BadInputTests.Json($$"""{"{{member}}":true}""") };
                using var answer = await admin.SendAsync(request);
                var body = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode != HttpStatusCode.BadRequest || !body.Contains(member, StringComparison.Ordinal))
                {
                    wrong.Add($"{endpoint} {member}: {(int)answer.StatusCode} {body}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Key_ForAnotherTenant_IsNotMade()
    {
        using var answer = await api.Client().PostAsync("/api/v1/keys", BadInputTests.Json("""{"name":"x","scopes":["chat"],"tenant":"another"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]")]
    [InlineData("/v1/responses", "\"input\":\"hello\"")]
    public async Task OpenAIBody_WithMembersThatWouldSteer_IsAnsweredAsWithoutThem(string path, string input)
    {
        api.Model.Asked.Clear();
        using var chat = await api.ChatClientAsync();
        using var answer = await chat.PostAsync(path, BadInputTests.Json(
            $$"""{"model":"assistant",{{input}},"tenant":"another","role":"admin","is_admin":true,"api_base":"http://127.0.0.1:9","base_url":"http://127.0.0.1:9","api_key":"sk-other","scopes":["admin"],"extra_headers":{"x":"y"} }"""));
        using var still = await chat.GetAsync("/api/v1/keys");

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.NotEmpty(api.Model.Asked);
        Assert.Equal(HttpStatusCode.Forbidden, still.StatusCode);
    }

    private static HashSet<string> Members(Type? body) => body is null ? [] : [.. ApiEndpoint.MembersOf(body).Select(static property => property.Name)];
}
