using AgentSystem.Contracts.Roles;

namespace AgentSystem.Runtime.Mesh.Tls;

/// <summary>Who may call which role: the arrows of docs/architecture.md. A process with several names may do what any of them may.</summary>
internal static class PeerRules
{
    private const string Perception = "perception";
    private const string Planning = "planning";
    private const string Coordination = "coordination";

    private static readonly Dictionary<string, string[]> Callers = new(StringComparer.Ordinal)
    {
        [RoleNames.Reasoning] = [PeerNames.Gateway, Coordination, Planning],
        [RoleNames.Inference] = [PeerNames.Gateway, RoleNames.Reasoning, Perception, RoleNames.Memory, Planning, Coordination],
        [RoleNames.Memory] = [PeerNames.Gateway, RoleNames.Reasoning, RoleNames.Tools, Planning, Coordination],
        [RoleNames.Tools] = [PeerNames.Gateway, RoleNames.Reasoning, Planning, Coordination],
        [Perception] = [PeerNames.Gateway, RoleNames.Reasoning, Coordination],
        [Planning] = [PeerNames.Gateway, RoleNames.Reasoning, Coordination],
        [Coordination] = [PeerNames.Gateway, RoleNames.Reasoning],
        [RoleNames.Monitoring] = [PeerNames.Gateway, RoleNames.Control],
        [RoleNames.Control] = [PeerNames.Gateway, RoleNames.Monitoring],
    };

    /// <summary>Whether a process with these names may call the role. A process may always call its like.</summary>
    public static bool MayCall(IReadOnlyCollection<string> names, string role) =>
        names.Contains(role) || (Callers.TryGetValue(role, out var callers) && callers.Any(names.Contains));
}
