using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Budgets;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Budgets;

/// <summary>What a budget may look like: its figures, and a scope that names something of the caller's own.</summary>
internal static class BudgetRules
{
    private const decimal MostUsd = 1_000_000_000m;
    private const int MaxScope = 200;
    private const string BareModel = "model:";

    /// <summary>Null when the figures can be kept.</summary>
    public static RunFailure? Refuse(decimal? limitUsd, decimal? warnAt) => (limitUsd, warnAt) switch
    {
        ( < 0 or > MostUsd, _) => Invalid("limit_usd", $"\"limit_usd\" must be from 0 to {MostUsd.ToString("0", CultureInfo.InvariantCulture)}."),
        (_, < 0 or > 1) => Invalid("warn_at", "\"warn_at\" must be from 0 to 1: it is a share of the limit."),
        _ => null,
    };

    /// <summary>Null when the scope names a key, a team, the tenant or an agent that this caller may know of.</summary>
    public static async Task<RunFailure?> RefuseScopeAsync(string scope, Caller caller, IKeyStore keys, IAgentStore agents, IModelDirectory models, CancellationToken cancellation)
    {
        var name = scope[(BudgetScopes.Kind(scope).Length + (scope.Contains(':', StringComparison.Ordinal) ? 1 : 0))..];
        if (name.Length == 0 || scope.Length > MaxScope || scope.Contains('\0', StringComparison.Ordinal))
        {
            return Form(scope);
        }

        switch (BudgetScopes.Kind(scope) + ":")
        {
            case BudgetScopes.Tenant:
                return name == caller.Tenant ? null : Invalid("scope", $"A budget counts the caller's own tenant only; write \"tenant:{caller.Tenant}\".");
            case BudgetScopes.Key:
                return (await keys.ListAsync(caller.Tenant, cancellation)).Any(key => key.Id == name && key.RevokedAt is null)
                    ? null
                    : Invalid("scope", $"There is no key \"{JsonPlace.Shorten(name, MaxScope)}\"; write its id, which GET /api/v1/keys lists, not its secret.");
            case BudgetScopes.Team:
                return (await keys.ListAsync(caller.Tenant, cancellation)).Any(key => key.Team == name)
                    ? null
                    : Invalid("scope", $"No key belongs to a team \"{JsonPlace.Shorten(name, MaxScope)}\"; GET /api/v1/teams lists those there are, and a key made with that \"team\" begins it.");
            case BudgetScopes.Agent:
                var known = name.StartsWith(BareModel, StringComparison.Ordinal)
                    ? models.Models.Any(model => model.Name == name[BareModel.Length..])
                    : await agents.FindAsync(caller.Tenant, name, cancellation) is not null;
                return known ? null : Invalid("scope", $"There is no agent \"{JsonPlace.Shorten(name, MaxScope)}\"; GET /api/v1/agents lists those there are, and \"agent:model:NAME\" is a bare model.");
            default:
                return Form(scope);
        }
    }

    /// <summary>Also the answer to a budget of another tenant.</summary>
    public static RunFailure NoSuchBudget(string id) => RunFailure.NotFound("budget_not_found", $"There is no budget \"{id}\"; GET /api/v1/budgets lists those there are.", "id");

    private static RunFailure Form(string scope) =>
        Invalid("scope", $"\"scope\" is \"{JsonPlace.Shorten(scope, MaxScope)}\"; write \"key:ID\", \"team:NAME\", \"tenant:NAME\" or \"agent:NAME\".");

    private static RunFailure Invalid(string member, string message) => RunFailure.Invalid("invalid_value", message, member);
}
