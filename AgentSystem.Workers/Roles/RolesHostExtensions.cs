using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Workers.Roles;

/// <summary>Adds the roles of a process.</summary>
internal static class RolesHostExtensions
{
    /// <summary>Binds and validates <c>Roles</c>.</summary>
    public static void AddRoles(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoleOptions>, RoleOptionsValidator>());
        builder.Services.AddOptions<RoleOptions>().Configure(o => o.Roles = builder.Configuration["Roles"] ?? o.Roles).ValidateOnStart();
    }
}
