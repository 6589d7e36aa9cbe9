using System.Text.Json.Nodes;

namespace AgentSystem.Contracts.Agents;

/// <summary>One immutable version of an agent: what a run needs to know of it.</summary>
/// <param name="Tenant">The tenant it belongs to.</param>
/// <param name="Name">Unique in the tenant; what a client writes as <c>model</c>.</param>
/// <param name="Version">Starts at 1.</param>
/// <param name="Type">The <c>agent_type</c> label of every metric.</param>
/// <param name="Specialization">What routing may prefer an instance by.</param>
/// <param name="Description">One sentence for people.</param>
/// <param name="Model">Name of a configured model.</param>
/// <param name="Instructions">The system prompt.</param>
/// <param name="Tools">Names of tools the agent may call.</param>
/// <param name="Limits">Bounds of one run.</param>
/// <param name="Quality">How answers are checked before they leave.</param>
/// <param name="Fallbacks">Models to try, in this order, when <paramref name="Model"/> cannot answer; null: the model's own configured order.</param>
/// <param name="Memory">Settings of the memory service, as given.</param>
/// <param name="Planning">Settings of the planning service, as given.</param>
/// <param name="Security">Settings of the security phases, as given.</param>
/// <param name="Scaling">How many replicas the agent's deployment has; null: the platform's defaults.</param>
/// <param name="Resources">What a replica of the agent's deployment gets; null: the platform's defaults.</param>
/// <param name="ContainerImage">Image of the agent's deployment, from the operator's allow-list; null: the platform's own.</param>
public sealed record AgentDefinition(
    string Tenant,
    string Name,
    int Version,
    string Type,
    string Specialization,
    string Description,
    string Model,
    string Instructions,
    IReadOnlyList<string> Tools,
    AgentLimits Limits,
    QualityMode Quality,
    IReadOnlyList<string>? Fallbacks = null,
    JsonObject? Memory = null,
    JsonObject? Planning = null,
    JsonObject? Security = null,
    AgentScaling? Scaling = null,
    AgentResources? Resources = null,
    string? ContainerImage = null);
