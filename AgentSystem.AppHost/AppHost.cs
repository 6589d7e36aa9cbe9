using AgentSystem.AppHost;
using AgentSystem.AppHost.Kubernetes;
using AgentSystem.AppHost.Stores;
// WithHttpProbe is marked experimental; it is the one way to have the publisher write probes into the chart.
#pragma warning disable ASPIREPROBES001

try
{
    // "publish --output-path DIR" is the platform's verb; Aspire spells it as an operation and a pipeline step.
    string[] arguments = args is ["publish", .. var rest] ? ["--operation", "publish", "--step", "publish", .. rest] : args;
    var builder = DistributedApplication.CreateBuilder(arguments);
    builder.AddKubernetes();

    await using var stores = await StoreResources.AddAsync(builder);

    var api = builder.AddProject<Projects.AgentSystem_Api>("api", launchProfileName: null)
        .WithHttpEndpoint(port: Port("AGENTSYSTEM_API_URL", 8080), name: "http")
        .WithExternalHttpEndpoints()
        // The port above is Aspire's proxy; the process behind it listens where Aspire tells it, not where the operator's variable says.
        .WithEnvironment("AGENTSYSTEM_API_URL", string.Empty);
    Serve(api);

    var workers = builder.AddProject<Projects.AgentSystem_Workers>("workers", launchProfileName: null)
        .WithHttpEndpoint(name: "http")
        .WithEnvironment("Roles", builder.Configuration["Roles"] ?? "all")
        .WaitFor(api);
    Serve(workers);

    var web = builder.AddProject<Projects.AgentSystem_Web>("web", launchProfileName: null)
        .WithHttpEndpoint(port: Port("AGENTSYSTEM_WEB_URL", 8081), name: "http")
        .WithExternalHttpEndpoints()
        .WithEnvironment("AGENTSYSTEM_WEB_URL", string.Empty)
        .WithReference(api)
        .WaitFor(api);
    Probe(web);

    Console.WriteLine($"AgentSystem, world {World.Name}: {World.Reason}. Stores: {stores.Description}.");
    await builder.Build().RunAsync();
    return 0;

    void Serve(IResourceBuilder<ProjectResource> service) => Probe(stores.GiveTo(service).WithEnvironment("World", World.Name));

    static void Probe(IResourceBuilder<ProjectResource> service) => service
        .WithHttpHealthCheck("/ready", endpointName: "http")
        .WithHttpProbe(ProbeType.Liveness, "/health", initialDelaySeconds: 30, periodSeconds: 10, endpointName: "http")
        .WithHttpProbe(ProbeType.Readiness, "/ready", initialDelaySeconds: 5, periodSeconds: 5, endpointName: "http");

    // A cluster gives ports of its own; on a laptop the addresses are the ones the operator asked for.
    int? Port(string variable, int fallback) =>
        builder.ExecutionContext.IsPublishMode ? null : Uri.TryCreate(builder.Configuration[variable], UriKind.Absolute, out var url) ? url.Port : fallback;
}
catch (CannotStartException refusal)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
