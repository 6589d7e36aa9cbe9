using System.Text.Json;

namespace AgentSystem.Contracts.Sessions;

/// <summary>Body of <c>PATCH /api/v1/state/{agent}/{session}</c>: all its updates are kept together or none is.</summary>
/// <param name="Updates">1 to 100, applied in their order.</param>
/// <param name="Consistency">Absent: <see cref="StateConsistency.Strong"/>.</param>
/// <param name="OnConflict">What becomes of a key that somebody else changed after the version of <c>If-Match</c>. Absent: a strong update is refused with 412, an eventual one follows the setting <c>Sessions:ConflictRule</c>.</param>
/// <param name="User">Whose the session becomes when this update begins it; absent: the key itself.</param>
/// <param name="AsAgent">The agent that writes, where it is another than the session's; its place in <c>Sessions:AgentPriority</c> decides conflicts under <see cref="ConflictRule.AgentPriority"/>.</param>
public sealed record UpdateState(
    IReadOnlyList<StateUpdate> Updates,
    StateConsistency? Consistency = null,
    ConflictRule? OnConflict = null,
    string? User = null,
    string? AsAgent = null);

/// <summary>A change of one key.</summary>
/// <param name="Key">1 to 200 characters.</param>
/// <param name="Value">Any JSON for <see cref="StateStrategy.Replace"/>, an object for <see cref="StateStrategy.Merge"/>, a list for <see cref="StateStrategy.Append"/>.</param>
/// <param name="Strategy">Absent: <see cref="StateStrategy.Merge"/>.</param>
public sealed record StateUpdate(string Key, JsonElement Value, StateStrategy? Strategy = null);

/// <summary>How an update changes what is there.</summary>
public enum StateStrategy
{
    /// <summary>The value takes the place of what was there.</summary>
    Replace,

    /// <summary>The members of an object go into the object that is there, objects within objects likewise; everything else in it takes the place of what was there, null included.</summary>
    Merge,

    /// <summary>The items of a list go to the end of the list that is there.</summary>
    Append,
}

/// <summary>What an answer to an update means.</summary>
public enum StateConsistency
{
    /// <summary>It is committed, at the quorum of the servers where there is one, and every later strong read sees it.</summary>
    Strong,

    /// <summary>It is accepted and will not be lost; reads see it a little later, or at once with the answer's token.</summary>
    Eventual,
}

/// <summary>Who is right when an update meets a value that somebody else changed meanwhile.</summary>
public enum ConflictRule
{
    /// <summary>The later one, by the order in which the database took them.</summary>
    Timestamp,

    /// <summary>The agent named first in <c>Sessions:AgentPriority</c>; between equals the later one.</summary>
    AgentPriority,

    /// <summary>Both: objects are united, different lists become one without doubles, of two other values the greater stays.</summary>
    SemanticMerge,

    /// <summary>A person decides at <c>/api/v1/state/conflicts</c>; until then what was there stays, and both are readable.</summary>
    Human,
}

/// <summary>What an update did.</summary>
/// <param name="TransactionId">Of this update.</param>
/// <param name="Version">The session's version with it; for an eventual update the one it was accepted on.</param>
/// <param name="AppliedReplicas">Servers that hold it durably, the primary included; 0 while an eventual update waits to be applied.</param>
/// <param name="Conflicts">Keys that somebody else had changed, and what became of them. An eventual update's are found at <c>/api/v1/state/conflicts</c>.</param>
/// <param name="Token">Of an eventual update: a read with <c>?token=</c> sees it.</param>
public sealed record StateUpdated(
    string TransactionId,
    long Version,
    StateConsistency Consistency,
    int AppliedReplicas,
    IReadOnlyList<StateConflict> Conflicts,
    string? Token = null);

/// <summary>A key that somebody else had changed.</summary>
/// <param name="Kept"><c>current</c>, <c>incoming</c>, <c>merged</c>, or <c>undecided</c> while a person has not decided.</param>
/// <param name="Id">Of the conflict, where a value was set aside or waits for a person.</param>
public sealed record StateConflict(string Key, ConflictRule Rule, string Kept, string? Id = null);
