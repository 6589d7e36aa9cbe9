using AgentSystem.Runtime.Sessions;
using AgentSystem.Tests.Harness;

namespace AgentSystem.Tests.Runtime.Sessions;

/// <summary>Short ways to write a change.</summary>
internal static class Changes
{
    public const string Tenant = MigratedDatabase.TenantA;

    public static SessionWriter Me { get; } = new("key_me", "assistant", "user:me");

    public static SessionWriter Other { get; } = new("key_other", "planner", "user:me");

    public static SessionChange Of(SessionName name, params IReadOnlyList<KeyChange> keys) => new(new SessionScope(Tenant, null), name, keys, Me) { TransactionId = $"txn_{Guid.NewGuid():N}" };

    public static KeyChange Replace(string key, string json) => new(key, KeyAction.Replace, json);

    public static KeyChange Merge(string key, string json) => new(key, KeyAction.Merge, json);

    public static KeyChange Append(string key, string json) => new(key, KeyAction.Append, json);

    public static KeyChange Remove(string key) => new(key, KeyAction.Remove, "");
}
