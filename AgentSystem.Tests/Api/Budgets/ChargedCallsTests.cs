using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Usage;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Api.Budgets;

/// <summary>What budgets do to calls: charged, refused, degraded, shown.</summary>
public sealed class ChargedCallsTests(BudgetFixture api) : IClassFixture<BudgetFixture>
{
    // 10 tokens in and 1 out of the scripted model at the dear price.
    private const decimal OneCall = 0.012m;
    private int asked;

    [Fact]
    public async Task Chat_UntilTheBudgetIsSpent_CountsDownAndIsThenRefusedForGood()
    {
        var (client, key) = await KeyAsync();
        var budget = await BudgetAsync($"key:{key}", 0.25m, BudgetWindow.Day);
        var left = 0.25m;
        HttpResponseMessage answer;
        while ((answer = await AskAsync(client, "model:dear")).StatusCode == HttpStatusCode.OK)
        {
            left -= OneCall;
            Assert.Equal(OneCall, Number(answer, "x-agentsystem-cost-usd"));
            Assert.Equal(left, Number(answer, "x-agentsystem-budget-remaining"));
        }

        var refused = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Contains("\"code\":\"budget_exceeded\"", refused, StringComparison.Ordinal);
        Assert.Equal("false", answer.Headers.GetValues("x-should-retry").Single());
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        var shown = await SettledAsync(budget.Id);
        Assert.Equal((0.25m - left, 0m, left), (shown.SpentUsd, shown.ReservedUsd, shown.RemainingUsd));
    }

    [Fact]
    public async Task Chat_OverABudgetThatNeverResets_HasNoRetryAfter()
    {
        var (client, key) = await KeyAsync();
        await BudgetAsync($"key:{key}", 0.001m, BudgetWindow.Total);

        using var answer = await AskAsync(client, "model:dear");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Null(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Chat_ByAKeyOfATeam_IsChargedToAllOrToNone()
    {
        var (client, key) = await KeyAsync("all-or-none");
        var wide = await BudgetAsync($"key:{key}", 10m);
        var tight = await BudgetAsync("team:all-or-none", 0.2m);
        while ((await AskAsync(client, "model:dear")).StatusCode == HttpStatusCode.OK)
        {
            // Until the team has no more.
        }

        var (ofKey, ofTeam) = (await SettledAsync(wide.Id), await SettledAsync(tight.Id));
        Assert.Equal(ofTeam.SpentUsd, ofKey.SpentUsd);
        Assert.True(ofTeam.SpentUsd is > 0 and <= 0.2m);
    }

    [Fact]
    public async Task Chat_ManyAtOnce_NeverSellMoreThanTheLimit()
    {
        var (client, key) = await KeyAsync();
        var budget = await BudgetAsync($"key:{key}", 0.5m);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => AskAsync(client, "model:dear")));

        var sold = answers.Count(static answer => answer.StatusCode == HttpStatusCode.OK) * OneCall;
        var shown = await SettledAsync(budget.Id);
        Assert.True(sold is > 0 and <= 0.5m, $"{sold} USD were sold");
        Assert.Equal((sold, 0m), (shown.SpentUsd, shown.ReservedUsd));
    }

    [Fact]
    public async Task Chat_WhereTheBudgetDegrades_IsAnsweredByTheCheapestModelAndThenRefused()
    {
        var (client, key) = await KeyAsync();
        await BudgetAsync($"key:{key}", 0.05m, onExceeded: OnExceeded.Degrade);

        using var degraded = await AskAsync(client, "model:dear");
        Assert.Equal((HttpStatusCode.OK, "cheap", "1"), (degraded.StatusCode, Header(degraded, "x-agentsystem-model"), Header(degraded, "x-agentsystem-fallbacks")));

        HttpResponseMessage last;
        while ((last = await AskAsync(client, "model:dear")).StatusCode == HttpStatusCode.OK)
        {
            Assert.Equal("cheap", Header(last, "x-agentsystem-model"));
        }

        Assert.Contains("budget_exceeded", await last.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_OfAModelWithoutAPrice_GoesOnWhenNothingIsLeft()
    {
        var (client, key) = await KeyAsync();
        await BudgetAsync($"key:{key}", 0m);

        using var free = await AskAsync(client, "model:free");
        using var priced = await AskAsync(client, "model:small");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (free.StatusCode, priced.StatusCode));
    }

    [Fact]
    public async Task Chat_Streamed_TellsWhatIsLeftInItsLastChunk()
    {
        var (client, key) = await KeyAsync();
        await BudgetAsync($"key:{key}", 1m);

        using var answer = await client.PostAsJsonAsync("/v1/chat/completions", Body("model:dear", stream: true));
        var stream = await answer.Content.ReadAsStringAsync();

        Assert.Contains("\"budget_remaining\":0.988", stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_ThatBreaksOff_IsChargedTheMostItCanHaveCost()
    {
        var (client, key) = await KeyAsync();
        var budget = await BudgetAsync($"key:{key}", 10m);
        api.Model.Then(Turn.Says("half of") with { FailureAfter = new IOException("gone") });

        using var answer = await AskAsync(client, "model:dear");
        var usage = await api.Client().GetFromJsonAsync<RequestUsage>($"/api/v1/usage/requests/{Header(answer, "x-request-id")}", PlatformJson.Options);
        var spent = (await SettledAsync(budget.Id)).SpentUsd;

        // At least 135 bytes and overhead in, 10 tokens out.
        Assert.True(spent > 0.1m, $"{spent} USD");
        Assert.Equal(spent, usage!.CostUsd);
    }

    [Fact]
    public async Task Chat_ThatWasRefusedByTheProvider_CostsNothing()
    {
        var (client, key) = await KeyAsync();
        var budget = await BudgetAsync($"key:{key}", 10m);
        api.Model.Then(Turn.Fails(new HttpRequestException("no", null, HttpStatusCode.BadRequest)));

        using var answer = await AskAsync(client, "model:dear");
        var shown = await SettledAsync(budget.Id);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal((0m, 0m), (shown.SpentUsd, shown.ReservedUsd));
    }

    [Fact]
    public async Task Chat_AnsweredFromTheCache_CostsNothing()
    {
        var (client, key) = await KeyAsync();
        var budget = await BudgetAsync($"key:{key}", 1m);

        using var first = await AskAsync(client, "model:dear", "same");
        using var second = await AskAsync(client, "model:dear", "same");

        Assert.Equal("exact", Header(second, "x-agentsystem-cache"));
        Assert.Equal(OneCall, (await SettledAsync(budget.Id)).SpentUsd);
    }

    [Fact]
    public async Task Limit_LoweredBelowWhatIsSpent_StopsFurtherCallsAndRaisedLetsThemOn()
    {
        var (client, key) = await KeyAsync();
        var budget = await BudgetAsync($"key:{key}", 5m);
        using var first = await AskAsync(client, "model:dear");
        using var admin = api.Client();

        await admin.PatchAsJsonAsync($"/api/v1/budgets/{budget.Id}", new { limit_usd = 0.001 });
        using var stopped = await AskAsync(client, "model:dear");
        await admin.PatchAsJsonAsync($"/api/v1/budgets/{budget.Id}", new { limit_usd = 5 });
        using var onward = await AskAsync(client, "model:dear");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK], [first.StatusCode, stopped.StatusCode, onward.StatusCode]);
    }

    [Fact]
    public async Task Embeddings_AreChargedToo()
    {
        var (client, key) = await KeyAsync();
        await BudgetAsync($"key:{key}", 0.06m);

        using var first = await client.PostAsJsonAsync("/v1/embeddings", new { model = "embed", input = "text" });
        using var second = await client.PostAsJsonAsync("/v1/embeddings", new { model = "embed", input = new string('x', 60) });

        Assert.Equal((HttpStatusCode.OK, 0.055m), (first.StatusCode, Number(first, "x-agentsystem-budget-remaining")));
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
    }

    [Fact]
    public async Task Usage_ByModelAndKey_AddsUpToWhatTheAnswersSaid()
    {
        var (client, key) = await KeyAsync("ledger");
        using var a = await AskAsync(client, "model:dear");
        using var b = await AskAsync(client, "model:dear");
        using var c = await AskAsync(client, "model:cheap");
        using var admin = api.Client();

        var report = await EventuallyAsync(async () => await admin.GetFromJsonAsync<UsageReport>("/api/v1/usage?group_by=model,key,team", PlatformJson.Options), report => report!.Data.Where(group => group.Key == key).Sum(static group => group.Calls) == 3);

        var mine = report!.Data.Where(group => group.Key == key).ToDictionary(static group => group.Model!);
        Assert.Equal((2L, 20L, 2 * OneCall, "ledger"), (mine["dear"].Calls, mine["dear"].InputTokens, mine["dear"].CostUsd, mine["dear"].Team));
        Assert.Equal((1L, OneCall / 100), (mine["cheap"].Calls, mine["cheap"].CostUsd));
        Assert.Equal(report.Totals.Calls, report.Data.Sum(static group => group.Calls));
    }

    [Theory]
    [InlineData("group_by=moon", "group_by")]
    [InlineData("group_by=day,day", "group_by")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-12-01&to=2026-11-01", "from")]
    public async Task Usage_AskedInAWayNobodyUnderstands_NamesTheMember(string query, string member)
    {
        using var admin = api.Client();
        using var answer = await admin.GetAsync("/api/v1/usage?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"param\":\"{member}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(HttpClient Client, string Key)> KeyAsync(string? team = null)
    {
        using var admin = api.Client();
        using var answer = await admin.PostAsJsonAsync("/api/v1/keys", new CreateKey("spender", [Scopes.Chat], Team: team), PlatformJson.Options);
        var created = await answer.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options);
        return (api.Client(created!.Key), created.Id);
    }

    private async Task<BudgetView> BudgetAsync(string scope, decimal limit, BudgetWindow window = BudgetWindow.Total, OnExceeded onExceeded = OnExceeded.Stop)
    {
        using var admin = api.Client();
        using var answer = await admin.PostAsJsonAsync("/api/v1/budgets", new CreateBudget(scope, limit, window, onExceeded), PlatformJson.Options);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<BudgetView>(PlatformJson.Options))!;
    }

    /// <summary>A call is settled in the turn after its answer, a moment after the client has it.</summary>
    private async Task<BudgetView> SettledAsync(string id)
    {
        using var admin = api.Client();
        return (await EventuallyAsync(async () => await admin.GetFromJsonAsync<BudgetView>("/api/v1/budgets/" + id, PlatformJson.Options), static view => view!.ReservedUsd == 0))!;
    }

    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> readAsync, Func<T, bool> settled)
    {
        for (var attempt = 0; ; attempt++)
        {
            var value = await readAsync();
            if (settled(value) || attempt == 500)
            {
                return value;
            }
        }
    }

    // Each question is another one: a cached answer costs nothing.
    private Task<HttpResponseMessage> AskAsync(HttpClient client, string model, string? text = null) =>
        client.PostAsJsonAsync("/v1/chat/completions", Body(model, text: text));

    private object Body(string model, bool stream = false, string? text = null) => new
    {
        model,
        stream,
        max_tokens = 10,
        messages = new[] { new { role = "user", content = text ?? $"q{Interlocked.Increment(ref asked).ToString(CultureInfo.InvariantCulture)}" } },
    };

    private static decimal Number(HttpResponseMessage answer, string header) => decimal.Parse(Header(answer, header), CultureInfo.InvariantCulture);

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
