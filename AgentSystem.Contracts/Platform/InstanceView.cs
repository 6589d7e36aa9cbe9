namespace AgentSystem.Contracts.Platform;

/// <summary>A process that runs agents: <c>GET /api/v1/instances</c>.</summary>
/// <param name="Name">What the header <c>x-agentsystem-instance</c> says.</param>
/// <param name="State"><c>serving</c>, or <c>draining</c>: it takes no new runs and is not ready, and those it has go on to their end.</param>
/// <param name="Slots">Runs it executes at once.</param>
/// <param name="InUse">Slots taken now.</param>
/// <param name="Waiting">Runs waiting for a slot now.</param>
/// <param name="HeardAt">When it last said so. One that was not heard for three heartbeats (<c>Routing:Heartbeat</c>) is not listed.</param>
public sealed record InstanceView(string Name, string State, int Slots, int InUse, int Waiting, DateTimeOffset HeardAt);
