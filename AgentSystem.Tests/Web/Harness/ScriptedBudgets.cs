using System.Globalization;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Usage;
using AgentSystem.Runtime.Budgets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSystem.Tests.Web.Harness;

/// <summary>Budgets, one of each state, and what a month of calls came to.</summary>
internal sealed class ScriptedBudgets(TimeProvider time)
{
    private readonly List<BudgetView> _budgets =
    [
        Make("bud_3", "team:support", 100m, 100m, 0m, BudgetState.Exceeded, BudgetWindow.Day, time.GetUtcNow()),
        Make("bud_2", "key:key_chat", 50m, 43.5m, 1.25m, BudgetState.Warning, BudgetWindow.Month, time.GetUtcNow()),
        Make("bud_1", "tenant:default", 2_000m, 143.5m, 0.5m, BudgetState.Ok, BudgetWindow.Total, time.GetUtcNow()),
    ];

    /// <summary>The bodies of what was made and changed.</summary>
    public List<object> Written { get; } = [];

    public void Clear() => _budgets.Clear();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/budgets", (HttpRequest request) => ScriptedPages.Of(request, _budgets.ToArray()));
        routes.MapPost("/api/v1/budgets", (CreateBudget asked) =>
        {
            Written.Add(asked);
            if (asked.Scope == "agent:nobody")
            {
                return ScriptedApi.Problem(400, "invalid_value", "There is no agent \"nobody\".");
            }

            _budgets.Insert(0, Make($"bud_{_budgets.Count + 1}", asked.Scope, asked.LimitUsd, 0, 0, BudgetState.Ok, asked.Window, time.GetUtcNow()));
            return ScriptedPages.Json(_budgets[0], 201);
        });
        routes.MapPatch("/api/v1/budgets/{id}", (string id, UpdateBudget change) =>
        {
            Written.Add(change);
            var at = _budgets.FindIndex(budget => budget.Id == id);
            _budgets[at] = _budgets[at] with { LimitUsd = change.LimitUsd ?? _budgets[at].LimitUsd };
            return ScriptedPages.Json(_budgets[at]);
        });
        routes.MapDelete("/api/v1/budgets/{id}", (string id) =>
        {
            _budgets.RemoveAll(budget => budget.Id == id);
            return Results.NoContent();
        });
        routes.MapGet("/api/v1/usage", (string group_by) => ScriptedPages.Json(Usage(group_by)));
    }

    private UsageReport Usage(string by)
    {
        var now = time.GetUtcNow();
        UsageGroup[] groups = _budgets.Count == 0 ? [] : by switch
        {
            "day" => [.. Enumerable.Range(0, 12).Select(day => Group(1.5m * (day + 1), 0) with { Day = now.AddDays(-day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) })],
            "agent" => [Group(84.2m, 0) with { Agent = "assistant" }, Group(32.8m, 0) with { Agent = "analyst" }],
            "model" => [Group(117m, 3) with { Model = "cloud" }],
            _ => [Group(110m, 0) with { Key = "key_chat" }, Group(7m, 0) with { Key = "key_of_long_ago_0123456789" }],
        };
        return new UsageReport(
            now.AddDays(-29), now, new UsageTotals(groups.Sum(static group => group.Calls), groups.Sum(static group => group.InputTokens), groups.Sum(static group => group.OutputTokens), groups.Sum(static group => group.CostUsd), groups.Sum(static group => group.EstimatedCalls)), groups);
    }

    private static UsageGroup Group(decimal usd, long estimated) => new(null, null, null, null, null, null, null, 120, 90_000, 12_000, usd, estimated);

    private static BudgetView Make(string id, string scope, decimal limit, decimal spent, decimal reserved, BudgetState state, BudgetWindow window, DateTimeOffset now) => new(
        id, scope, limit, window, window == BudgetWindow.Day ? OnExceeded.Stop : OnExceeded.Degrade, 0.8m, spent, reserved, Math.Max(0, limit - spent - reserved),
        WindowCalendar.Start(window, now), WindowCalendar.End(window, now), state, now.AddDays(-40), "first admin key", state == BudgetState.Ok ? null : now.AddHours(-2));
}
