namespace AgentSystem.Contracts.Roles;

/// <summary>The interface is what a role serves. In the process of the role a call is a call; elsewhere it crosses the network, and whoever calls cannot tell.</summary>
/// <param name="role">One of <see cref="RoleNames.All"/>.</param>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class RoleServiceAttribute(string role) : Attribute
{
    /// <summary>The role.</summary>
    public string Role { get; } = role;
}

/// <summary>Making the call twice does what making it once does: it may be tried again though the first may have been carried out.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute : Attribute;

/// <summary>A request on behalf of a tenant. A role refuses one whose tenant is not the one of the identity that came with the call.</summary>
public interface IForTenant
{
    /// <summary>The tenant.</summary>
    string Tenant { get; }
}
