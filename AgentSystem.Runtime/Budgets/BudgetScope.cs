namespace AgentSystem.Runtime.Budgets;

/// <summary>On whose behalf a model is called: every budget that fits is charged, and the ledger remembers it.</summary>
/// <param name="Tenant">The caller's tenant.</param>
/// <param name="KeyId">The caller's key.</param>
/// <param name="Team">The key's team, if any.</param>
/// <param name="User">The end user, if named.</param>
/// <param name="Agent">The agent, or <c>model:NAME</c> of a bare model.</param>
/// <param name="AgentVersion">Its version.</param>
/// <param name="RequestId">The <c>x-request-id</c>, or the run's own id where no request waits.</param>
public sealed record BudgetScope(string Tenant, string KeyId, string? Team, string? User, string Agent, int AgentVersion, string RequestId)
{
    /// <summary>Limits of the run itself and of the runs it is a child of; a child is charged to all of them. Empty for a plain call.</summary>
    public IReadOnlyList<RunLimit> Runs { get; init; } = [];

    /// <summary>The run the ledger names: the innermost; null for a plain call.</summary>
    public string? RunId { get; init; }

    /// <summary>The scopes of budgets that count this call.</summary>
    public IReadOnlyList<string> Names => [.. Persistent, .. Runs.Select(static run => BudgetScopes.Run + run.RunId)];

    internal IEnumerable<string> Persistent
    {
        get
        {
            yield return BudgetScopes.Key + KeyId;
            yield return BudgetScopes.Tenant + Tenant;
            yield return BudgetScopes.Agent + Agent;
            if (Team is not null)
            {
                yield return BudgetScopes.Team + Team;
            }
        }
    }
}

/// <summary>The <c>budget_usd</c> of one run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="LimitUsd">Most USD of the run and its children together.</param>
public sealed record RunLimit(string RunId, decimal LimitUsd);

/// <summary>How scopes of budgets begin.</summary>
public static class BudgetScopes
{
    /// <summary>A key, by id.</summary>
    public const string Key = "key:";

    /// <summary>A team, by name.</summary>
    public const string Team = "team:";

    /// <summary>A tenant.</summary>
    public const string Tenant = "tenant:";

    /// <summary>An agent, by name.</summary>
    public const string Agent = "agent:";

    /// <summary>A run; made by the platform from a run's <c>budget_usd</c>, never through the API.</summary>
    public const string Run = "run:";

    /// <summary>The word before the colon.</summary>
    public static string Kind(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope[..Math.Max(0, scope.IndexOf(':', StringComparison.Ordinal))];
    }
}
