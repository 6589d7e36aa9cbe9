namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Which entries are wanted; a member that is null asks for nothing.</summary>
/// <param name="Actor">Who, as entries show it: <c>key:ID</c>, <c>subject:NAME</c>, <c>address:IP</c>, <c>system</c>.</param>
/// <param name="Action">The act (<c>key.revoke</c>), or the noun with a dot (<c>key.</c>).</param>
/// <param name="Target">The object (<c>key:ID</c>).</param>
/// <param name="Decision">What became of it.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The moment before which it was.</param>
public sealed record AuditFilter(string? Actor = null, string? Action = null, string? Target = null, AuditDecision? Decision = null, DateTimeOffset? From = null, DateTimeOffset? To = null);
