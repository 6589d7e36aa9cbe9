using System.Text.Json.Nodes;
using AgentSystem.Contracts.Sessions;

namespace AgentSystem.Runtime.Sessions;

/// <summary>What a rule says about two values for one key.</summary>
/// <param name="Json">The value to write; null: what is there stays.</param>
/// <param name="Kept">As in <see cref="StateConflict"/>.</param>
internal sealed record ConflictDecision(string? Json, string Kept)
{
    public const string Current = "current", Incoming = "incoming", Merged = "merged", Undecided = "undecided";

    private static readonly ConflictDecision Stays = new(null, Undecided);

    /// <summary>Null when there is no conflict: both changes can stand beside each other.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="change">What comes; a merge or an append fits what is there.</param>
    /// <param name="there">What somebody else wrote.</param>
    /// <param name="incomingWins">Whether the incoming is right under a rule that picks one.</param>
    public static ConflictDecision? Of(ConflictRule rule, KeyChange change, JsonNode? there, bool incomingWins)
    {
        var incoming = StoredValues.Read(change.Json);
        var collides = change.Action switch
        {
            KeyAction.Append => false,
            KeyAction.Merge => there is JsonObject under && incoming is JsonObject over && JsonMerge.Collides(under, over),
            _ => !JsonNode.DeepEquals(there, incoming),
        };
        return !collides ? null : rule switch
        {
            ConflictRule.Human => Stays,
            ConflictRule.SemanticMerge => new ConflictDecision(StoredValues.Write(SemanticMerge.Join(there, incoming)), Merged),
            _ => Pick(change.Action, there, incoming, incomingWins),
        };
    }

    /// <summary>Of two objects to merge only the members they disagree about are decided: what only one of them has stays.</summary>
    private static ConflictDecision Pick(KeyAction action, JsonNode? there, JsonNode? incoming, bool incomingWins) => (action, there, incoming) switch
    {
        (KeyAction.Merge, JsonObject under, JsonObject over) => incomingWins
            ? new ConflictDecision(StoredValues.Write(JsonMerge.Merge(under, over)), Incoming)
            : new ConflictDecision(StoredValues.Write(JsonMerge.Merge(over, under)), Current),
        _ => incomingWins ? new ConflictDecision(StoredValues.Write(incoming), Incoming) : new ConflictDecision(null, Current),
    };
}
