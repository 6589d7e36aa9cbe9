namespace AgentSystem.Contracts.Security;

/// <summary>Well-known tenants.</summary>
public static class Tenants
{
    /// <summary>Exists from the first start; the admin key and the seeded agents belong to it.</summary>
    public const string Default = "default";
}
