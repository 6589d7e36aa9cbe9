using AgentSystem.AppHost;
using AgentSystem.AppHost.Inference;
using AgentSystem.AppHost.Kubernetes;
using AgentSystem.AppHost.Operators;
using AgentSystem.AppHost.Stores;
using AgentSystem.Contracts.Roles;
using Microsoft.Extensions.Configuration;
// WithHttpProbe is marked experimental; it is the one way to have the publisher write probes into the chart.
#pragma warning disable ASPIREPROBES001

const int FirstRolePort = 18443;

if (args is ["audit", ..])
{
    await Console.Error.WriteLineAsync("audit: to Aspire the API is a program to run, not an assembly to call; the same verb is its own: dotnet run --project AgentSystem.Api -- audit verify --export FILE.");
    return 2;
}

try
{
    // "publish --output-path DIR" is the platform's verb; Aspire spells it as an operation and a pipeline step.
    string[] arguments = args is ["publish", .. var rest] ? ["--operation", "publish", "--step", "publish", .. rest] : args;
    var builder = DistributedApplication.CreateBuilder(arguments);
    var publishing = builder.ExecutionContext.IsPublishMode;
    var cluster = builder.AddKubernetes();

    await using var stores = await StoreResources.AddAsync(builder, cluster);
    var models = builder.AddModels();

    var api = builder.AddProject<Projects.AgentSystem_Api>("api", launchProfileName: null)
        .WithHttpEndpoint(port: Port("AGENTSYSTEM_API_URL", 8080), name: "http")
        .WithExternalHttpEndpoints()
        // The port above is Aspire's proxy; the process behind it listens where Aspire tells it, not where the operator's variable says.
        .WithEnvironment("AGENTSYSTEM_API_URL", string.Empty)
        .WithIconName("PlugConnected")
        .WithUrlForEndpoint("http", static url => url.DisplayText = "API")
        .WithUrlForEndpoint("http", static _ => new() { Url = "/docs", DisplayText = "API documents" })
        .WithOperatorCommands();
    stores.GiveAdminKeyTo(api);
    Serve(api);

    // On a laptop one process has every role; in a cluster, or with WorkersPerRole=true, each role is a process that scales by itself.
    var perRole = publishing || Flag("WorkersPerRole");
    if (perRole || Reasons(builder.Configuration["Roles"] ?? RoleNames.Everything))
    {
        // Runs are executed where that role is served; the API begins, shows and streams them.
        api.WithEnvironment("Runs__Concurrency", "0");
    }

    if (perRole && !publishing)
    {
        Mesh(api, null);
    }

    foreach (var role in perRole ? RoleNames.All : [RoleNames.Everything])
    {
        var workers = builder.AddProject<Projects.AgentSystem_Workers>(role == RoleNames.Everything ? "workers" : "workers-" + role, launchProfileName: null)
            .WithHttpEndpoint(name: "http")
            .WithEnvironment("Roles", role == RoleNames.Everything ? builder.Configuration["Roles"] ?? role : role)
            .WithIconName("BrainCircuit")
            .WaitFor(api);
        Serve(workers);
        if (perRole && !publishing)
        {
            Mesh(workers, role);
        }
    }

    var web = builder.AddProject<Projects.AgentSystem_Web>("web", launchProfileName: null)
        .WithHttpEndpoint(port: Port("AGENTSYSTEM_WEB_URL", 8081), name: "http")
        .WithExternalHttpEndpoints()
        .WithEnvironment("AGENTSYSTEM_WEB_URL", string.Empty)
        .WithIconName("WindowConsole")
        .WithUrlForEndpoint("http", static url => url.DisplayText = "Open the console")
        .WithReference(api)
        .WaitFor(api);
    if (stores.ConsoleKeys is { } keys)
    {
        // Sign-ins survive a restart, as they do in the standalone system. A pod has no folder that does; there they end with it.
        web.WithEnvironment("DataProtection__Path", builder.Configuration["DataProtection:Path"] ?? keys);
    }

    Probe(web);

    Console.WriteLine($"AgentSystem, world {World.Name}: {World.Reason}. Stores: {stores.Description}.");
    await builder.Build().RunAsync();
    return 0;

    void Serve(IResourceBuilder<ProjectResource> service)
    {
        foreach (var (variable, value) in models)
        {
            service.WithEnvironment(variable, value);
        }

        Probe(stores.GiveTo(service).WithEnvironment("World", publishing ? "kubernetes" : World.Name));
    }

    // On a laptop each role has a port of its own, and one development authority is in a folder that all of them share. In a cluster ports, names and certificates are the chart's.
    void Mesh(IResourceBuilder<ProjectResource> service, string? own)
    {
        service.WithEnvironment("Roles__Tls__Folder", Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".agentsystem", "roles")));
        foreach (var (index, role) in RoleNames.Served.Index())
        {
            service.WithEnvironment(role == own ? "Roles__Serve__Url" : "Services__" + role, $"https://127.0.0.1:{FirstRolePort + index}");
        }
    }

    // Each probe is a health check in run mode, too: what waits for a service waits for its /ready.
    static void Probe(IResourceBuilder<ProjectResource> service) => service
        .WithHttpProbe(ProbeType.Liveness, "/health", initialDelaySeconds: 30, periodSeconds: 10, endpointName: "http")
        .WithHttpProbe(ProbeType.Readiness, "/ready", initialDelaySeconds: 5, periodSeconds: 5, endpointName: "http")
        .WithClusterSettings()
        .PublishAsKubernetesService(ProductionParts.OfHost);

    bool Flag(string setting) => builder.Configuration[setting] is not { Length: > 0 } text ? false
        : bool.TryParse(text, out var flag) ? flag
        : throw new CannotStartException($"{setting} is \"{text}\": write true or false.");

    static bool Reasons(string roles) =>
        roles.Split(',', StringSplitOptions.TrimEntries).Any(static role => role is RoleNames.Everything or RoleNames.Reasoning);

    // A cluster gives ports of its own; on a laptop the addresses are the ones the operator asked for.
    int? Port(string variable, int fallback) =>
        publishing ? null : Uri.TryCreate(builder.Configuration[variable], UriKind.Absolute, out var url) ? url.Port : fallback;
}
catch (CannotStartException refusal)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
