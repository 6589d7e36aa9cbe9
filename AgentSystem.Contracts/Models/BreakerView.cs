namespace AgentSystem.Contracts.Models;

/// <summary>A breaker: <c>GET /api/v1/breakers</c>.</summary>
/// <param name="Name">What it guards: the name of a model or tool, or a process of a role as <c>role@host:port</c>.</param>
/// <param name="Kind"><c>model</c>, <c>tool</c> or <c>role</c>.</param>
/// <param name="State"><c>closed</c>, <c>open</c>, <c>half_open</c>, or <c>isolated</c> when an operator opened it.</param>
/// <param name="Calls">Calls since the process started.</param>
/// <param name="Failures">Of these, failed ones.</param>
/// <param name="RetriesLeft">Retries its budget allows now.</param>
public sealed record BreakerView(string Name, string Kind, string State, long Calls, long Failures, double RetriesLeft);

/// <summary>Body of <c>POST /api/v1/models/{name}/breaker</c>.</summary>
/// <param name="State"><c>open</c>: no call passes until it is closed again. <c>closed</c>: calls pass, and the failures counted so far are forgotten.</param>
public sealed record SetBreaker(string State);
