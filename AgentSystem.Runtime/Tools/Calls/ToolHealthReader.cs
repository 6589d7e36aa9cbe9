using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Resilience;

namespace AgentSystem.Runtime.Tools.Calls;

/// <summary>How tools do, and their breakers in an operator's hand; in this process.</summary>
public sealed class ToolHealthReader(CallBreakers breakers)
{
    /// <summary>How a tool does.</summary>
    public ToolHealth Of(string tenant, string tool)
    {
        if (breakers.Find(ToolCaller.Key(tenant, tool)) is not { } guard)
        {
            return new ToolHealth(null, 0, 0, null, 0, null, null, null);
        }

        var health = guard.Health;
        return new ToolHealth(guard.State, health.Calls, health.Failures, health.P50Ms, guard.InFlight, guard.LastCallAt, health.LastError, health.LastErrorAt);
    }

    /// <summary>Tools of a tenant that were called since the process started, with the retries each has left.</summary>
    public IEnumerable<(string Tool, string State, long Calls, long Failures, double RetriesLeft)> Called(string tenant)
    {
        var prefix = ToolCaller.Key(tenant, "");
        foreach (var key in breakers.Keys(prefix))
        {
            if (breakers.Find(key) is { } guard)
            {
                var health = guard.Health;
                yield return (key[prefix.Length..], guard.State, health.Calls, health.Failures, guard.Retries.Left);
            }
        }
    }

    /// <summary>Keeps every call from a tool, or lets them through again.</summary>
    public Task TurnAsync(string tenant, string tool, bool open, CancellationToken cancellation)
    {
        var guard = breakers.For(ToolCaller.Key(tenant, tool));
        return open ? guard.IsolateAsync(cancellation) : guard.CloseAsync(cancellation);
    }
}
