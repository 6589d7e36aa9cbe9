namespace AgentSystem.Contracts.Keys;

/// <summary>Answer to a creation: the only time the secret is shown.</summary>
/// <param name="Id">The id later calls use.</param>
/// <param name="Key">The secret, <c>as-...</c>; only its keyed hash is kept.</param>
/// <param name="Details">The key as lists show it.</param>
public sealed record CreatedKey(string Id, string Key, KeyView Details);
