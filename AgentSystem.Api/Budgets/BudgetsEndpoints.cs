using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Budgets;

/// <summary>Routes of budgets.</summary>
internal static class BudgetsEndpoints
{
    /// <summary>Maps <c>/api/v1/budgets</c>.</summary>
    public static void MapBudgets(this IEndpointRouteBuilder api)
    {
        var budgets = api.MapGroup("/budgets").WithTags("Budgets");
        budgets.MapPost("/", MakeBudget.Handle).WithName("CreateBudget").WithSummary("Limit spending")
            .WithDescription("`scope` is `key:ID`, `team:T`, `tenant:T` or `agent:NAME`. A call is charged to every budget that counts it, all or none.").RequireAuthorization(Scopes.BudgetsWrite);
        budgets.MapGet("/", ListBudgets.Handle).WithName("ListBudgets").WithSummary("Budgets, the newest first")
            .WithDescription("`?scope=` narrows the list; `?limit=` and `?cursor=` page.").RequireAuthorization(Scopes.BudgetsRead);
        budgets.MapGet("/{id}", GetBudget.Handle).WithName("GetBudget").WithSummary("One budget").RequireAuthorization(Scopes.BudgetsRead);
        budgets.MapPatch("/{id}", ChangeBudget.Handle).WithName("UpdateBudget").WithSummary("Change a budget's limit, warning share or what happens beyond it").RequireAuthorization(Scopes.BudgetsWrite);
        budgets.MapDelete("/{id}", DeleteBudget.Handle).WithName("DeleteBudget").WithSummary("Remove a budget; the ledger stays").RequireAuthorization(Scopes.BudgetsWrite);
    }
}
