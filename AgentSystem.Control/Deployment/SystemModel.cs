using AgentSystem.Contracts.Roles;

namespace AgentSystem.Control.Deployment;

/// <summary>
/// Which services exist and who calls whom: said once, read by the chart of our own emitter, by the mapping onto Aspire's publisher, and by the network policies of both.
/// </summary>
public static class SystemModel
{
    /// <summary>The HTTP edge.</summary>
    public const string Api = "api";

    /// <summary>The console.</summary>
    public const string Web = "web";

    /// <summary>Agents with a deployment of their own: each serves the reasoning role for one agent, and claims its runs from the database.</summary>
    public const string Agents = "agent";

    /// <summary>The job that migrates.</summary>
    public const string Migration = "migration";

    /// <summary>The truth.</summary>
    public const string Postgres = "postgres";

    /// <summary>Speed: losing it loses nothing.</summary>
    public const string Redis = "redis";

    /// <summary>Vectors, where images with its client run.</summary>
    public const string Qdrant = "qdrant";

    /// <summary>Image of every role.</summary>
    public const string WorkersImage = "workers";

    private const string GrpcName = "grpc", Perception = "perception", Planning = "planning", Coordination = "coordination";

    // Sizes are where we start from, not measurements: docs/operations/kubernetes.md says how to correct them. Memory is asked for in full: an autoscaler's percentage is of the request, and a heap
    // grows towards the limit whether there is load or not.
    private static readonly ServiceSize Small = new("100m", "512Mi", "1", "512Mi");
    private static readonly ServiceSize Medium = new("250m", "1Gi", "2", "1Gi");
    private static readonly ServiceSize Large = new("500m", "2Gi", "2", "2Gi");

    /// <summary>A service that holds models itself: weights and caches of prompts.</summary>
    private static readonly ServiceSize Model = new("2", "8Gi", "8", "8Gi", Gpus: 1);

    /// <summary>Two, so that one may go; ten, the default of an agent's own scaling.</summary>
    private static readonly ServiceScale Elastic = new(2, 10);

    /// <summary>Each replica holds a graphics processor, so there are few.</summary>
    private static readonly ServiceScale Scarce = new(1, 4);

    /// <summary>Hosts drain within 3 s by themselves, roles that serve gRPC within 25 s (<c>Roles:Serve:Drain</c>).</summary>
    private static readonly TimeSpan HostDrain = TimeSpan.FromSeconds(10), RoleDrain = TimeSpan.FromSeconds(25);

    private static readonly ServiceReference[] Stores = [new(Postgres, Postgres), new(Redis, Redis), new(Qdrant, GrpcName)];

    /// <summary>Which role calls which. Every role also calls its like, to hand work on; the gateway calls all.</summary>
    private static readonly Dictionary<string, string[]> Calls = new(StringComparer.Ordinal)
    {
        // The loop asks every other service.
        [RoleNames.Reasoning] = [Perception, RoleNames.Memory, Planning, RoleNames.Tools, Coordination, RoleNames.Inference],
        // Steps of a plan are calls of tools and models, and questions to a memory.
        [Planning] = [RoleNames.Reasoning, RoleNames.Inference, RoleNames.Memory, RoleNames.Tools],
        // Several agents on one job: each of them reasons, and what they share is remembered.
        [Coordination] = [RoleNames.Reasoning, RoleNames.Inference, RoleNames.Memory, RoleNames.Tools, Perception, Planning],
        // Texts become vectors, pictures become words, in models.
        [RoleNames.Memory] = [RoleNames.Inference],
        [Perception] = [RoleNames.Inference],
        // Remember and recall are tools.
        [RoleNames.Tools] = [RoleNames.Memory],
        [RoleNames.Monitoring] = [RoleNames.Control],
        [RoleNames.Control] = [RoleNames.Monitoring],
        [RoleNames.Inference] = [],
    };

    /// <summary>All of them, in the order they are written.</summary>
    public static IReadOnlyList<SystemService> Services { get; } = [Gateway(), Console(), .. RoleNames.All.Select(Role), OfAgents(), Migrate(), .. StoreServices()];

    /// <summary>The service of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the known ones.</exception>
    public static SystemService Find(string name) => Services.FirstOrDefault(service => service.Name == name)
        ?? throw new ArgumentException($"There is no service \"{name}\"; there are {string.Join(", ", Services.Select(static service => service.Name))}.", nameof(name));

    /// <summary>Name of the service of a role.</summary>
    public static string OfRole(string role) => "workers-" + role;

    /// <summary>Whoever calls the service, with the port.</summary>
    public static IEnumerable<(SystemService From, ServiceReference Reference)> CallersOf(IEnumerable<SystemService> services, string name) =>
        from service in services
        from reference in service.References
        where reference.Service == name
        select (service, reference);

    private static SystemService Gateway() => new(Api, ServiceKind.Gateway, Medium, Elastic, [ServicePort.Http], [.. Stores, .. RoleNames.All.Select(Grpc)])
    {
        IsPublic = true,
        // Bare models that no role serves, webhooks, and the identity provider's keys.
        CallsOut = true,
        Drain = HostDrain,
    };

    private static SystemService Console() => new(Web, ServiceKind.Console, Small, ServiceScale.Fixed(1), [ServicePort.Http], [new(Api, ServicePort.Http.Name)])
    {
        IsPublic = true,
        // Single sign-on redeems its codes at the identity provider.
        CallsOut = true,
        Drain = HostDrain,
    };

    private static SystemService Role(string role) => new(
        OfRole(role), ServiceKind.Role, SizeOf(role), ScaleOf(role),
        [ServicePort.Http, ServicePort.Grpc], [.. Stores, .. Calls[role].Order(StringComparer.Ordinal).Select(Grpc), Grpc(role)])
    {
        Role = role,
        Image = WorkersImage,
        CallsOut = role is not RoleNames.Control,
        Drain = RoleDrain,
    };

    // Of the control loops one leads and the other waits: more would only wait, too.
    private static ServiceScale ScaleOf(string role) => role switch { RoleNames.Control => ServiceScale.Fixed(2), RoleNames.Inference => Scarce, _ => Elastic };

    private static ServiceSize SizeOf(string role) => role switch
    {
        RoleNames.Inference => Model,
        RoleNames.Reasoning or RoleNames.Memory or Perception => Large,
        RoleNames.Control or RoleNames.Monitoring => Small,
        _ => Medium,
    };

    private static SystemService OfAgents() => Role(RoleNames.Reasoning) with { Name = Agents, Kind = ServiceKind.Agents, Role = null, Ports = [] };

    private static SystemService Migrate() => new(Migration, ServiceKind.Migration, Small, ServiceScale.Fixed(1), [], [new(Postgres, Postgres)]) { Image = Api };

    private static IEnumerable<SystemService> StoreServices() =>
    [
        new(Postgres, ServiceKind.Store, Large, ServiceScale.Fixed(1), [new(Postgres, 5432)], []),
        new(Redis, ServiceKind.Store, Small, ServiceScale.Fixed(1), [new(Redis, 6379)], []),
        new(Qdrant, ServiceKind.Store, Medium, ServiceScale.Fixed(1), [new(ServicePort.Http.Name, 6333), new(GrpcName, 6334)], []),
    ];

    private static ServiceReference Grpc(string role) => new(OfRole(role), ServicePort.Grpc.Name);
}
