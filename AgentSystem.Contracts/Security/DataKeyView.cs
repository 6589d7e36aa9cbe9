namespace AgentSystem.Contracts.Security;

/// <summary>One version of the key that seals a tenant's values: a row of <c>GET /api/v1/security/data-keys</c>.</summary>
/// <param name="Version">From 1 on; the highest seals.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Seals">How many values it may have sealed at most; with 2^32 the next version comes by itself.</param>
/// <param name="Rotation">Null for a version nobody asked for.</param>
public sealed record DataKeyView(int Version, DateTimeOffset CreatedAt, long Seals, DataKeyRotation? Rotation);

/// <summary>How far everything has been sealed under a version that was asked for.</summary>
/// <param name="Status"><c>running</c> or <c>done</c>.</param>
/// <param name="RequestedBy">Whose request it was.</param>
/// <param name="Resealed">Values that were sealed under it so far.</param>
/// <param name="Remaining">Values that stand in plain or under an older version; null when it is done.</param>
/// <param name="Unreadable">Values that could not be opened: they stay as they are.</param>
/// <param name="FinishedAt">When it was done.</param>
public sealed record DataKeyRotation(string Status, string RequestedBy, long Resealed, long? Remaining, long Unreadable, DateTimeOffset? FinishedAt);
