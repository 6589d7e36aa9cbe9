using System.Net;
using System.Net.Http.Json;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Tests.Api.Budgets;

/// <summary>Making, reading, changing and removing budgets.</summary>
public sealed class BudgetsTests(BudgetFixture api) : IClassFixture<BudgetFixture>
{
    [Fact]
    public async Task Budget_FromBirthToDeath_IsShownAsItIs()
    {
        using var client = api.Client();
        using var answer = await client.PostAsJsonAsync("/api/v1/budgets", new { scope = "agent:assistant", limit_usd = 12.5m, window = "month", on_exceeded = "degrade" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = await answer.Content.ReadFromJsonAsync<BudgetView>(PlatformJson.Options);
        Assert.Equal("/api/v1/budgets/" + made!.Id, answer.Headers.Location?.ToString());
        Assert.Equal(("agent:assistant", 12.5m, BudgetWindow.Month, OnExceeded.Degrade, 0.8m), (made.Scope, made.LimitUsd, made.Window, made.OnExceeded, made.WarnAt));
        Assert.Equal((0m, 0m, 12.5m, BudgetState.Ok, "admin"), (made.SpentUsd, made.ReservedUsd, made.RemainingUsd, made.State, made.CreatedBy));
        Assert.Equal(made.WindowStart.AddMonths(1), made.WindowReset);

        using var twice = await client.PostAsJsonAsync("/api/v1/budgets", new { scope = "agent:assistant", limit_usd = 1, window = "month" });
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);

        using var changed = await client.PatchAsJsonAsync("/api/v1/budgets/" + made.Id, new { limit_usd = 0, warn_at = 0.5 });
        var view = await changed.Content.ReadFromJsonAsync<BudgetView>(PlatformJson.Options);
        Assert.Equal((0m, 0.5m, BudgetState.Exceeded), (view!.LimitUsd, view.WarnAt, view.State));

        var listed = await client.GetFromJsonAsync<ListPage<BudgetView>>("/api/v1/budgets?scope=agent:assistant", PlatformJson.Options);
        Assert.Equal([made.Id], listed!.Data.Select(static each => each.Id));

        using var removed = await client.DeleteAsync("/api/v1/budgets/" + made.Id);
        using var gone = await client.GetAsync("/api/v1/budgets/" + made.Id);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.StatusCode, gone.StatusCode));
    }

    [Theory]
    [InlineData("agent:nobody", "scope")]
    [InlineData("key:as-secret", "scope")]
    [InlineData("team:unheard-of", "scope")]
    [InlineData("tenant:somebody-else", "scope")]
    [InlineData("run:1", "scope")]
    [InlineData("agent:", "scope")]
    [InlineData("everything", "scope")]
    public async Task Post_AScopeThatNamesNothingOfTheCallers_IsRefusedByName(string scope, string member)
    {
        using var client = api.Client();
        using var answer = await client.PostAsJsonAsync("/api/v1/budgets", new { scope, limit_usd = 1, window = "day" });

        var problem = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"param\":\"{member}\"", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"scope":"tenant:default","limit_usd":-1,"window":"day"}""", "limit_usd")]
    [InlineData("""{"scope":"tenant:default","limit_usd":1,"window":"day","warn_at":1.5}""", "warn_at")]
    [InlineData("""{"scope":"tenant:default","limit_usd":1,"window":"year"}""", "window")]
    [InlineData("""{"scope":"tenant:default","limit_usd":1,"window":"day","color":"red"}""", "color")]
    public async Task Post_AMemberThatCannotBeKept_IsRefusedByName(string body, string member)
    {
        using var client = api.Client();
        using var answer = await client.PostAsync("/api/v1/budgets", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(member, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scopes_ReadingDoesNotAllowWriting()
    {
        using var reader = await api.ClientWithAsync(new CreateKey("reader", [Scopes.BudgetsRead]));
        using var listed = await reader.GetAsync("/api/v1/budgets");
        using var made = await reader.PostAsJsonAsync("/api/v1/budgets", new { scope = "tenant:default", limit_usd = 1, window = "day" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (listed.StatusCode, made.StatusCode));
    }

    [Fact]
    public async Task Tenants_AndTeams_SayWhoOwnsWhat()
    {
        using var client = api.Client();
        using var _ = await api.ClientWithAsync(new CreateKey("of a team", [Scopes.Chat], Team: "accounting"));

        var tenants = await client.GetFromJsonAsync<ListPage<TenantView>>("/api/v1/tenants", PlatformJson.Options);
        var teams = await client.GetFromJsonAsync<ListPage<TeamView>>("/api/v1/teams", PlatformJson.Options);

        Assert.Equal("default", Assert.Single(tenants!.Data).Id);
        Assert.True(tenants.Data[0] is { Agents: > 0, Keys: > 1 });
        Assert.Contains(teams!.Data, static team => team is { Name: "accounting", Tenant: "default", Keys: 1 });
    }
}
