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
        builder.Services.AddOptions<RoleOptions>().Configure(o => Read(o, builder.Configuration)).ValidateOnStart();
    }

    /// <summary>What is wrong with <c>Roles</c>.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration) => new RoleOptionsValidator().Validate(null, Read(configuration)).Failures ?? [];

    /// <summary>The roles as configured, right or wrong.</summary>
    public static RoleOptions Read(IConfiguration configuration)
    {
        var options = new RoleOptions();
        Read(options, configuration);
        return options;
    }

    private static void Read(RoleOptions options, IConfiguration configuration) => options.Roles = configuration["Roles"] ?? options.Roles;
}
