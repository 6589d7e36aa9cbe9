namespace AgentSystem.Contracts.Agents;

/// <summary>What changed between two versions of an agent: <c>GET /api/v1/agents/{name}/diff?from=1&amp;to=2</c>.</summary>
public sealed record AgentDiff(string Name, int From, int To, IReadOnlyList<AgentChange> Changes);

/// <summary>One member that differs.</summary>
/// <param name="Member">In snake_case, dotted: <c>limits.max_steps</c>.</param>
/// <param name="Before">Its JSON text before; null when it was not there.</param>
/// <param name="After">Its JSON text after; null when it is no longer there.</param>
/// <param name="Lines">For instructions: their lines, unchanged ones included.</param>
public sealed record AgentChange(string Member, string? Before, string? After, IReadOnlyList<DiffLine>? Lines = null);

/// <summary>One line of a text that changed.</summary>
/// <param name="Kind"><c>same</c>, <c>removed</c> or <c>added</c>.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record DiffLine(string Kind, string Text);

/// <summary>Body of <c>POST /api/v1/agents/{name}/activate</c>.</summary>
/// <param name="Version">A version the agent has.</param>
public sealed record ActivateAgent(int Version);
