using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Limits;
using AgentSystem.Contracts.Security;
using AgentSystem.Tests.Api.Models;

namespace AgentSystem.Tests.Api.Limits;

/// <summary>What an operator sees of rate limits.</summary>
public sealed class LimitsTests(ModelsFixture api) : IClassFixture<ModelsFixture>
{
    [Fact]
    public async Task List_AfterARequestOfALimitedKey_ShowsWhatItUsed()
    {
        using var limited = await api.ClientWithAsync(new CreateKey("limited", [Scopes.Chat], Limits: new KeyLimits(RequestsPerMinute: 1000, TokensPerMinute: 5000, Concurrency: 3)));
        using var answer = await limited.PostAsJsonAsync("/v1/chat/completions", new { model = "model:small", messages = new[] { new { role = "user", content = "count me" } } });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var row = Assert.Single(await AllAsync(), limit => limit is { Name: "limited" } && limit.Scope.StartsWith("key:", StringComparison.Ordinal));

        Assert.Equal((1000, 5000, 3), (row.RequestsPerMinute, row.TokensPerMinute, row.Concurrency));
        // The sliding minute may have turned in between, which lowers the share of the one before.
        Assert.InRange(row.Used.Requests, 0.1, 1);
        Assert.InRange(row.Used.Tokens, 0.1, 7);
        Assert.Equal(0, row.Used.InProgress);
    }

    [Fact]
    public async Task List_ShowsModelsThatHaveALimit_AndNoRevokedKey()
    {
        using var client = api.Client();
        using var made = await client.PostAsJsonAsync("/api/v1/keys", new CreateKey("short-lived", [Scopes.Chat]), PlatformJson.Options);
        var key = await made.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options);
        Assert.Contains(await AllAsync(), limit => limit.Scope == $"key:{key!.Id}");
        (await client.DeleteAsync($"/api/v1/keys/{key!.Id}")).Dispose();

        var rows = await AllAsync();

        Assert.DoesNotContain(rows, limit => limit.Scope == $"key:{key.Id}");
        Assert.Equal("model:narrow", Assert.Single(rows, limit => limit.Scope.StartsWith("model:", StringComparison.Ordinal)).Scope);
    }

    [Fact]
    public async Task List_WithoutTheAdminScope_IsRefused()
    {
        using var client = await api.ChatClientAsync();
        using var answer = await client.GetAsync("/api/v1/limits");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    /// <summary>Page by page, two rows each.</summary>
    private async Task<List<LimitView>> AllAsync()
    {
        using var client = api.Client();
        var rows = new List<LimitView>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetFromJsonAsync<ListPage<LimitView>>($"/api/v1/limits?limit=2{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}", PlatformJson.Options);
            rows.AddRange(page!.Data);
            cursor = page.NextCursor;
        }

        return rows;
    }
}
