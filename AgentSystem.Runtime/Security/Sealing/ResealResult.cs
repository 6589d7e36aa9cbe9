namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>What one batch did.</summary>
/// <param name="Seen">Rows that were looked at; none: the end is reached.</param>
/// <param name="Unreadable">Of those, what could not be opened and stays as it is.</param>
/// <param name="Last">Where the next batch goes on.</param>
internal sealed record ResealResult(int Seen, int Unreadable, string Last);
