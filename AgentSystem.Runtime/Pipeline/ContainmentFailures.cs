using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Containment;

namespace AgentSystem.Runtime.Pipeline;

/// <summary>What callers are told of containment: that it is on purpose and by a person's or the policy's decision, and who can end it.</summary>
public static class ContainmentFailures
{
    // Nobody knows how long a person takes; a client that asks six times a minute costs little, and a queued run goes on soon after.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    /// <summary>How a key is named as the scope of a containment.</summary>
    public static string KeyScope(string keyId) => "key:" + keyId;

    /// <summary>What a stopped execution or refused request is answered.</summary>
    /// <param name="by">What stopped it.</param>
    /// <param name="agent">The agent that was asked for.</param>
    public static RunFailure Of(Contained by, string agent)
    {
        ArgumentNullException.ThrowIfNull(by);
        return (by.Kind, by.Scope) switch
        {
            (ContainmentKind.Kill, ContainmentSet.WholeTenant or ContainmentSet.Everything) => AgentsStopped,
            (_, var scope) when scope.StartsWith("agent:", StringComparison.Ordinal) => new RunFailure(
                503, "server_error", by.Kind == ContainmentKind.Kill ? "agent_stopped" : "agent_quarantined",
                $"Agent \"{agent}\" is stopped for security reasons; an operator lets it go on (DELETE /api/v1/security/containments/{by.Id}).", RetryAfter: Again),
            (_, var scope) when scope.StartsWith("user:", StringComparison.Ordinal) => RunFailure.Forbidden("user_quarantined", $"This user is in quarantine for security reasons; an operator decides about it ({by.Id})."),
            _ => KeyQuarantined(by),
        };
    }

    /// <summary>The kill switch is pulled.</summary>
    public static RunFailure AgentsStopped { get; } = new(
        503, "server_error", "agents_stopped", "All agents are stopped for security reasons (the kill switch); an operator lets them go on.", RetryAfter: Again);

    /// <summary>A key in quarantine can do nothing.</summary>
    public static RunFailure KeyQuarantined(Contained by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return RunFailure.Forbidden("key_quarantined", $"This key is in quarantine for security reasons; an operator with another key decides about it ({by.Id}).");
    }

    /// <summary>A throttled key or user must wait.</summary>
    public static RunFailure Throttled(TimeSpan wait) => new(
        429, "rate_limit_error", "throttled", "This key, user or address is slowed down for security reasons; wait as long as Retry-After says, or ask an operator.", RetryAfter: wait);

    /// <summary>Nothing may come from a contained address.</summary>
    public static RunFailure AddressQuarantined(Contained by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return RunFailure.Forbidden("address_quarantined", $"Requests from this address are refused for security reasons; an operator decides about it from another address ({by.Id}).");
    }

    /// <summary>The caller's address is on an imported list that is certain.</summary>
    public static RunFailure AddressListed { get; } = RunFailure.Forbidden("address_listed", "Requests from this address are refused: it is on a list of threats. An operator can remove it (/api/v1/security/intelligence).");
}
