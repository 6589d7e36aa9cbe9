using System.Text.Json;

namespace AgentSystem.Contracts.Sessions;

/// <summary>A session's state: <c>GET /api/v1/state/{agent}/{session}</c>.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="Version">Grows by one with every update; also the answer's <c>ETag</c>.</param>
/// <param name="State">The values by key; with <c>?key=</c> only that one.</param>
/// <param name="Keys">About each value.</param>
public sealed record SessionView(
    string Agent,
    string Session,
    string User,
    long Version,
    IReadOnlyDictionary<string, JsonElement> State,
    IReadOnlyList<SessionKeyView> Keys,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>About one key of a session.</summary>
/// <param name="Version">The session's version that last changed it.</param>
/// <param name="Bytes">Of its value, as JSON in UTF-8.</param>
/// <param name="Conflicts">Ids of conflicts that wait for a person.</param>
public sealed record SessionKeyView(string Key, long Version, int Bytes, DateTimeOffset UpdatedAt, IReadOnlyList<string> Conflicts);

/// <summary>A row of <c>GET /api/v1/state</c>.</summary>
/// <param name="Keys">How many it has.</param>
/// <param name="Bytes">Of all its values.</param>
public sealed record SessionSummary(string Agent, string Session, string User, long Version, int Keys, int Bytes, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
