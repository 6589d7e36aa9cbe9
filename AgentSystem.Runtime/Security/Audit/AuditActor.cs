using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>How a caller is called in the audit log.</summary>
public static class AuditActor
{
    /// <summary>A key by its id (<c>key:ID</c>). Whoever signed on otherwise has a kind in the id already (<c>subject:NAME</c>).</summary>
    public static string Of(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.KeyId.Contains(':', StringComparison.Ordinal) ? caller.KeyId : "key:" + caller.KeyId;
    }
}
