using AgentSystem.Contracts.Sessions;

namespace AgentSystem.Runtime.Sessions;

/// <summary>Where agents keep the state of their sessions. What is outside a <see cref="SessionScope"/> does not exist for it.</summary>
public interface ISessionStore
{
    /// <summary>Applies a change now: all of it or nothing, compared and set under the session's version. Accepted means committed, at the quorum of the servers where there is one.</summary>
    Task<SessionVerdict> ChangeAsync(SessionChange change, CancellationToken cancellation);

    /// <summary>Takes a change that is applied a little later, in its session's order. Accepted means that it will not be lost; what cannot be applied becomes a conflict for a person.</summary>
    Task<SessionVerdict> AcceptAsync(SessionChange change, CancellationToken cancellation);

    /// <summary>A session as one moment shows it; null when there is none.</summary>
    Task<SessionView?> ReadAsync(SessionScope scope, SessionName name, SessionRead read, CancellationToken cancellation);

    /// <summary>Sessions, by agent and name.</summary>
    Task<IReadOnlyList<SessionSummary>> ListAsync(SessionScope scope, SessionQuery query, CancellationToken cancellation);
}

/// <summary>Whose sessions.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="User">A user as runs name it (<c>user:...</c> or <c>key:...</c>); null: everybody of the tenant.</param>
public sealed record SessionScope(string Tenant, string? User);

/// <summary>A session of an agent.</summary>
public sealed record SessionName(string Agent, string Session);

/// <summary>A change of one session.</summary>
/// <param name="Scope">What the writer may meet.</param>
/// <param name="Name">Which session; the first change begins it.</param>
/// <param name="Keys">In their order; empty: the session itself is deleted.</param>
/// <param name="Writer">Who writes.</param>
public sealed record SessionChange(SessionScope Scope, SessionName Name, IReadOnlyList<KeyChange> Keys, SessionWriter Writer)
{
    /// <summary>What the session must be for the change to be made; null: anything.</summary>
    public SessionMatch? Match { get; init; }

    /// <summary>What becomes of keys that somebody else changed after <see cref="Match"/>; null: the change is refused.</summary>
    public ConflictRule? Rule { get; init; }

    /// <summary>Names the change for ever.</summary>
    public required string TransactionId { get; init; }

    /// <summary>Set when the caller may ask again: the second time gets the first time's answer.</summary>
    public RepeatedRequest? Request { get; init; }

    /// <summary>The session's id with its tenant.</summary>
    internal SessionId Id => new(Scope.Tenant, Name.Agent, Name.Session);
}

/// <summary>A change of one key.</summary>
/// <param name="Json">The value; empty for <see cref="KeyAction.Remove"/>.</param>
public sealed record KeyChange(string Key, KeyAction Action, string Json);

/// <summary>What happens to a key.</summary>
public enum KeyAction
{
    /// <summary>The value takes the place of what was there.</summary>
    Replace,

    /// <summary>See <see cref="StateStrategy.Merge"/>.</summary>
    Merge,

    /// <summary>See <see cref="StateStrategy.Append"/>.</summary>
    Append,

    /// <summary>The key goes.</summary>
    Remove,
}

/// <summary>Who writes.</summary>
/// <param name="Key">Id of the API key; a writer is never in conflict with itself.</param>
/// <param name="Agent">The agent it writes for.</param>
/// <param name="User">Whose the session becomes when this change begins it.</param>
public sealed record SessionWriter(string Key, string Agent, string User);

/// <summary>What a session must be.</summary>
/// <param name="Version">Its version, 0: it must not be there; null: it must be there.</param>
public sealed record SessionMatch(long? Version);

/// <summary>A request that may come twice.</summary>
/// <param name="Id">The same for both.</param>
/// <param name="Body">A hash of what was asked; another one under the same id is refused.</param>
public sealed record RepeatedRequest(string Id, byte[] Body);

/// <summary>What is read of a session.</summary>
/// <param name="Key">Only this key; null: all.</param>
/// <param name="Strong">True: the answer is not older than the last acknowledged strong update, wherever it was made.</param>
/// <param name="Token">Sees at least the eventual update that answered with it; null: none in particular.</param>
public sealed record SessionRead(string? Key = null, bool Strong = true, long? Token = null);

/// <summary>Which sessions.</summary>
/// <param name="Agent">Only this agent's.</param>
/// <param name="Prefix">Only those whose names begin so.</param>
/// <param name="After">The last one already shown.</param>
/// <param name="Limit">Most rows.</param>
public sealed record SessionQuery(string? Agent, string? Prefix, SessionName? After, int Limit);

/// <summary>A session with its tenant.</summary>
internal readonly record struct SessionId(string Tenant, string Agent, string Session);
