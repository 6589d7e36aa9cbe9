using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.Api.Keys;

/// <summary>An installation whose admin key the platform made itself, steered by an orchestrator with a key of its own.</summary>
public sealed class AdminKeyTests(AdminKeyTests.Orchestrated api) : IClassFixture<AdminKeyTests.Orchestrated>
{
    [Fact]
    public async Task Rotate_ByTheOrchestrator_GivesANewKeyAndStopsTheOldOne()
    {
        using var orchestrator = api.Client(Orchestrated.Key);
        using var first = await orchestrator.PostAsync("/api/v1/keys/admin/rotate", null);
        var old = (await first.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options))!;
        using var second = await api.Client(old.Key).PostAsync("/api/v1/keys/admin/rotate", null);
        var created = (await second.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options))!;

        Assert.Equal("no-store", second.Headers.CacheControl!.ToString());
        using var works = await api.Client(created.Key).GetAsync("/api/v1/keys");
        var keys = (await works.Content.ReadFromJsonAsync<ListPage<KeyView>>(PlatformJson.Options))!.Data;
        Assert.Equal(created.Id, Assert.Single(keys, key => key is { Name: "admin", RevokedAt: null }).Id);
        Assert.NotNull(keys.Single(key => key.Id == old.Id).RevokedAt);
        using var still = await orchestrator.GetAsync("/api/v1/keys");
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task Create_WithTheOrchestratorsName_IsRefused()
    {
        using var answer = await api.Client(Orchestrated.Key).PostAsJsonAsync("/api/v1/keys", new CreateKey("orchestrator", ["chat"]), PlatformJson.Options);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Start_WithAFirstKey_TakesItOnceAndNotAfterItWasRotated()
    {
        using var rotated = await api.Client(Orchestrated.Key).PostAsync("/api/v1/keys/admin/rotate", null);
        await api.RestartAsync();
        using var after = await api.Client(Orchestrated.FirstKey).GetAsync("/api/v1/keys");
        var created = (await rotated.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options))!;
        using var works = await api.Client(created.Key).GetAsync("/api/v1/keys");
        var keys = (await works.Content.ReadFromJsonAsync<ListPage<KeyView>>(PlatformJson.Options))!.Data;

        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Contains(keys, key => key.Name == "admin" && Orchestrated.FirstKey.StartsWith(key.Prefix.TrimEnd('.', '…'), StringComparison.Ordinal));
    }

    public sealed class Orchestrated(TestPostgres postgres) : ApiFixture(postgres)
    {
        public const string FirstKey = "as-first-admin-key-of-these-tests-0123456789";
        public const string Key = "as-orchestrator-key-0123456789-0123456789";

        protected override void Configure(WebApplicationBuilder builder)
        {
            base.Configure(builder);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["AGENTSYSTEM_ADMIN_KEY"] = "", ["AGENTSYSTEM_FIRST_ADMIN_KEY"] = FirstKey, ["AGENTSYSTEM_ORCHESTRATOR_KEY"] = Key });
        }
    }
}
