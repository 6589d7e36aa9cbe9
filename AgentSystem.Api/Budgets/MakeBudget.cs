using AgentSystem.Api.Http;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Budgets;

/// <summary><c>POST /api/v1/budgets</c>: counts from the next call on in this process, and within two seconds in the others.</summary>
internal static class MakeBudget
{
    public static async Task<Results<Created<BudgetView>, FailureResult>> Handle(
        CreateBudget body, HttpContext http, IBudgetStore budgets, BudgetKeeper keeper, IKeyStore keys, IAgentStore agents, IModelDirectory models, CancellationToken cancellation)
    {
        var caller = http.Caller();
        if ((BudgetRules.Refuse(body.LimitUsd, body.WarnAt) ?? await BudgetRules.RefuseScopeAsync(body.Scope, caller, keys, agents, models, cancellation)) is { } refused)
        {
            return new FailureResult(refused);
        }

        if (await budgets.AddAsync(caller.Tenant, body, caller.KeyName, cancellation) is not { } made)
        {
            return new FailureResult(new RunFailure(
                409, "invalid_request_error", "budget_exists",
                $"There is a budget of \"{body.Scope}\" for that window already; GET /api/v1/budgets?scope={Uri.EscapeDataString(body.Scope)} shows it, PATCH changes it.", "scope"));
        }

        keeper.Changed(caller.Tenant);
        return TypedResults.Created("/api/v1/budgets/" + made.Id, made);
    }
}
