using System.Text.Json.Nodes;
using AgentSystem.Contracts.Sessions;

namespace AgentSystem.Runtime.Sessions;

/// <summary>What a change did to an image, before anything is committed.</summary>
/// <param name="Version">The session's version after it.</param>
internal sealed record SessionOutcome(SessionRefusal? Refusal, long Version, IReadOnlyList<SessionConflict> Conflicts)
{
    public static SessionOutcome Of(SessionRefusal refusal) => new(refusal, 0, []);
}

/// <summary>Two values for one key.</summary>
/// <param name="Incoming">What came.</param>
/// <param name="There">What was there; null: nothing.</param>
/// <param name="Kept">As in <see cref="StateConflict"/>.</param>
/// <param name="Reason">As in <see cref="ConflictView"/>.</param>
internal sealed record SessionConflict(KeyChange Incoming, KeyImage? There, ConflictRule Rule, string Kept, string Reason)
{
    /// <summary>Names it where it is kept; null for a merge, in which no value was set aside.</summary>
    public string? Id { get; private init; }

    /// <summary>The same with an id, where it is one to keep; later ones sort after it.</summary>
    public SessionConflict Named(DateTimeOffset at) => Kept == ConflictDecision.Merged ? this : this with { Id = $"conflict_{Guid.CreateVersion7(at):N}" };
}

/// <summary>A key's value and where it comes from.</summary>
/// <param name="Json">The value.</param>
/// <param name="Version">The session's version that wrote it.</param>
/// <param name="Sequence">Its place in the database's order.</param>
/// <param name="Writer">Id of the API key that wrote it.</param>
/// <param name="Agent">The agent it wrote for.</param>
internal sealed record KeyImage(string Json, int Bytes, long Version, long Sequence, string Writer, string Agent)
{
    private JsonNode? node;

    /// <summary>The value to look at; nobody changes it.</summary>
    public JsonNode? Node => node ??= StoredValues.Read(Json);
}
