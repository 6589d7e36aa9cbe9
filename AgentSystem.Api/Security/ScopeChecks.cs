using AgentSystem.Api.Http;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;

namespace AgentSystem.Api.Security;

/// <summary>Whether a scope names something: a containment of a mistyped name would look like one and contain nobody.</summary>
internal sealed class ScopeChecks(IKeyStore keys, IAgentStore agents, IModelDirectory models)
{
    private const string Key = "key:", Agent = "agent:", Model = "model:";
    private const int Shown = 200;

    /// <summary>Null when there is such a key or agent; users are not kept anywhere, any may be named.</summary>
    public async Task<RunFailure?> RefuseAsync(string scope, string tenant, CancellationToken cancellation)
    {
        if (scope.StartsWith(Key, StringComparison.Ordinal))
        {
            // Whoever signed on otherwise than by a key has a kind in the id, and stands in no list.
            return scope[Key.Length..].Contains(':', StringComparison.Ordinal) || (await keys.ListAsync(tenant, cancellation)).Any(key => key.Id == scope[Key.Length..])
                ? null
                : RunFailure.Invalid("invalid_value", $"There is no key \"{JsonPlace.Shorten(scope[Key.Length..], Shown)}\"; write its id, which GET /api/v1/keys lists, not its secret.", "scope");
        }

        if (!scope.StartsWith(Agent, StringComparison.Ordinal))
        {
            return null;
        }

        var name = scope[Agent.Length..];
        var known = name.StartsWith(Model, StringComparison.Ordinal)
            ? models.Models.Any(model => model.Name == name[Model.Length..])
            : await agents.FindAsync(tenant, name, cancellation) is not null;
        return known ? null : RunFailure.Invalid("invalid_value", $"There is no agent \"{JsonPlace.Shorten(name, Shown)}\"; GET /api/v1/agents lists those there are, and \"agent:model:NAME\" is a bare model.", "scope");
    }
}
