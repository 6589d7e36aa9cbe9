using AgentSystem.Contracts.Sessions;

namespace AgentSystem.Runtime.Sessions;

/// <summary>Conflicts that wait for a person, and those that were decided. Both values of one stay readable, decided or not.</summary>
public interface ISessionConflicts
{
    /// <summary>Conflicts, the newest first.</summary>
    Task<IReadOnlyList<ConflictView>> ListAsync(SessionScope scope, ConflictQuery query, CancellationToken cancellation);

    /// <summary>The conflict, or null.</summary>
    Task<ConflictView?> FindAsync(SessionScope scope, string id, CancellationToken cancellation);

    /// <summary>Decides a conflict and changes the session's key with it, both or neither.</summary>
    Task<ConflictVerdict> ResolveAsync(SessionScope scope, string id, ConflictChoice choice, CancellationToken cancellation);
}

/// <summary>Which conflicts.</summary>
/// <param name="Open">Those that wait, or those that were decided; null: all.</param>
/// <param name="Agent">Only this agent's.</param>
/// <param name="After">Id of the last one already shown.</param>
/// <param name="Limit">Most rows.</param>
public sealed record ConflictQuery(bool? Open, string? Agent, string? After, int Limit);

/// <summary>What a person decided.</summary>
/// <param name="Kept"><c>current</c>, <c>incoming</c> or <c>value</c>.</param>
/// <param name="Json">The value, with <c>value</c>.</param>
/// <param name="Key">Id of the API key that decides.</param>
/// <param name="Match">What the session must be; null: anything.</param>
public sealed record ConflictChoice(string Kept, string? Json, string Key, SessionMatch? Match);

/// <summary>What became of a decision: exactly one of the two is set.</summary>
public sealed record ConflictVerdict(ConflictView? Done, SessionRefusal? Refusal);
