using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Mesh.Grpc;
using AgentSystem.Runtime.Mesh.Peers;
using AgentSystem.Runtime.Mesh.Tls;
using AgentSystem.Runtime.Resilience;
using AgentSystem.ServiceDefaults.Inference;
using AgentSystem.ServiceDefaults.Startup;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Workers.Roles;

/// <summary>Adds the roles of a process.</summary>
internal static class RolesHostExtensions
{
    /// <summary>The sections of the settings that every process of roles reads.</summary>
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        new("Resilience", typeof(ResilienceOptions)),
        new(MeshCallOptions.Section, typeof(MeshCallOptions)),
        new(MeshServeOptions.Section, typeof(MeshServeOptions)),
        new(MeshTlsOptions.Section, typeof(MeshTlsOptions)),
    ];

    /// <summary>Adds what stands behind the roles that are served to others, and listens for their calls.</summary>
    public static void AddServedRoles(this WebApplicationBuilder builder, MeshPlan plan)
    {
        // Where runs are executed the whole data plane is, and with it every capability.
        if (!plan.Serves.Contains(RoleNames.Reasoning))
        {
            if (plan.Serves.Contains(RoleNames.Inference) || builder.Configuration["Memory:Embedding"] is { Length: > 0 })
            {
                builder.AddInference(plan.IsElsewhere(RoleNames.Inference));
                builder.Services.AddInferenceRole(plan);
            }

            builder.Services.AddServedRoles(builder.Configuration, plan);
        }

        builder.Services.AddStatusRoles(plan);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // A call that a role refuses is told by the role in its own words.
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Logging.AddFilter("ProtoBuf", LogLevel.Warning);
        builder.ListenForRoles();
    }

    /// <summary>Binds and validates <c>Roles</c>.</summary>
    public static void AddRoles(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoleOptions>, RoleOptionsValidator>());
        builder.Services.AddOptions<RoleOptions>().Configure(o => Read(o, builder.Configuration)).ValidateOnStart();
    }

    /// <summary>What is wrong with <c>Roles</c>, and with what the roles need that are served.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration) =>
    [
        .. new RoleOptionsValidator().Validate(null, Read(configuration)).Failures ?? [],
        .. MeshPlan.Url(configuration) is not null && Read(configuration).Serves(RoleNames.Tools) ? DataPlaneSettings.Check(configuration) : [],
    ];

    /// <summary>The roles as configured, right or wrong.</summary>
    public static RoleOptions Read(IConfiguration configuration)
    {
        var options = new RoleOptions();
        Read(options, configuration);
        return options;
    }

    private static void Read(RoleOptions options, IConfiguration configuration) => options.Roles = configuration["Roles"] ?? options.Roles;
}
