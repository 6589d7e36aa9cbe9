using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Budgets;

/// <summary>Which scopes have budgets, trusted for a moment: only so that calls nothing counts cost no turn of the books. What a budget allows is never decided from here.</summary>
internal sealed class BudgetDirectory(IBudgetStore store, IOptions<BudgetsOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);

    /// <summary>True when a budget counts calls of this scope.</summary>
    public async ValueTask<bool> CountsAsync(BudgetScope scope, CancellationToken cancellation)
    {
        if (scope.Runs.Count > 0)
        {
            return true;
        }

        var now = time.GetUtcNow();
        if (!known.TryGetValue(scope.Tenant, out var tenant) || now - tenant.At > options.Value.Trust)
        {
            known[scope.Tenant] = tenant = new Known(await store.ScopesAsync(scope.Tenant, cancellation).ConfigureAwait(false), now);
        }

        return tenant.Scopes.Count > 0 && scope.Persistent.Any(tenant.Scopes.Contains);
    }

    /// <summary>A budget of this tenant was made here: the next call looks again.</summary>
    public void Forget(string tenant) => known.TryRemove(tenant, out _);

    private sealed record Known(IReadOnlyCollection<string> Scopes, DateTimeOffset At);
}
