using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Mesh.Grpc;
using AgentSystem.ServiceDefaults;
using AgentSystem.ServiceDefaults.Health;
using AgentSystem.ServiceDefaults.Startup;
using AgentSystem.ServiceDefaults.Stores;
using AgentSystem.Workers.Reasoning;
using AgentSystem.Workers.Roles;

namespace AgentSystem.Workers;

/// <summary>A process that serves roles. Which ones, <c>Roles</c> says.</summary>
public static class WorkersHost
{
    /// <summary>Builds the host; <paramref name="configure"/> runs before anything is registered, so that a caller can supply configuration and services.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">See above.</param>
    /// <param name="besideApi">True inside a process whose API executes the runs: two data planes would load every model twice.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Options are wrong; every mistake is named.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null, bool besideApi = false)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = "AgentSystem.Workers", ContentRootPath = AppContext.BaseDirectory });
        configure?.Invoke(builder);
        WrongSettings.Refuse(typeof(WorkersHost), CheckSettings(builder.Configuration));

        builder.AddServiceDefaults();
        builder.AddStores();
        builder.AddRoles();
        var roles = RolesHostExtensions.Read(builder.Configuration);
        var plan = MeshPlan.OfWorkers(builder.Configuration, roles.Selected);
        if (!besideApi && roles.Serves(RoleNames.Reasoning))
        {
            builder.AddReasoning(plan);
        }

        if (!besideApi && plan.Serves.Count > 0)
        {
            builder.AddServedRoles(plan);
        }

        var app = builder.Build();
        app.MapHealth();
        app.MapRoles();
        return app;
    }

    /// <summary>Every mistake in the settings of this host, one sentence each with its cure; nothing is started or connected to.</summary>
    public static IEnumerable<string> CheckSettings(IConfiguration configuration) =>
    [
        .. ListeningAddress.Check(configuration, "urls", "http://127.0.0.1:5000"),
        .. RolesHostExtensions.Check(configuration),
        .. StoresHostExtensions.CheckStores(configuration),
        .. SettingsSections.Check(configuration, [new(StoreOptions.Section, typeof(StoreOptions)), .. RolesHostExtensions.Sections]),
        .. MeshPlan.Check(configuration),
        .. RolesHostExtensions.Read(configuration).Serves(RoleNames.Reasoning) ? ReasoningHostExtensions.Check(configuration) : [],
    ];
}
