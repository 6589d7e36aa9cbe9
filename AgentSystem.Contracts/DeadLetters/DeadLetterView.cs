namespace AgentSystem.Contracts.DeadLetters;

/// <summary>Something that was given up: a row of <c>GET /api/v1/dead-letters</c>.</summary>
/// <param name="Kind"><c>run</c> or <c>webhook</c>.</param>
/// <param name="RunId">The run, or the run the webhook was to tell about.</param>
/// <param name="Subject">The agent of the run, or the address of the webhook.</param>
/// <param name="Reason">What the last attempt met.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="DiedAt">When it was given up.</param>
public sealed record DeadLetterView(string Id, string Kind, string RunId, string Subject, string Reason, int Attempts, DateTimeOffset DiedAt);
