using AgentSystem.AppHost.Embedded;
using AgentSystem.AppHost.Embedded.Garnet;
using AgentSystem.AppHost.Embedded.Postgres;
using AgentSystem.AppHost.Kubernetes;
using Aspire.Hosting.Kubernetes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AgentSystem.AppHost.Stores;

/// <summary>
/// The stores in the Aspire model. A connection string that is set wins; then containers, where a daemon answers and always when
/// publishing; then embedded servers inside this process, where vectors stay in PostgreSQL and there is no Qdrant.
/// </summary>
internal sealed class StoreResources : IAsyncDisposable
{
    // Named, so that a claim of the cluster can be bound to it, and with our name in it: a container engine's volumes are everybody's.
    private const string PostgresVolume = "agentsystem-postgres-data";
    private const string QdrantVolume = "agentsystem-qdrant-data";

    private readonly List<IResourceBuilder<IResourceWithConnectionString>> stores = [];
    private readonly List<string> described = [];
    private readonly IResourceBuilder<ParameterResource> rootKey;
    private readonly IResourceBuilder<ParameterResource> adminKey;
    private readonly string adminKeyVariable;
    private readonly DataFolder? folder;
    private EmbeddedPostgres? postgres;
    private EmbeddedGarnet? garnet;

    private StoreResources(IDistributedApplicationBuilder builder)
    {
        const string AdminKey = "AGENTSYSTEM_ADMIN_KEY";
        adminKeyVariable = AdminKey;
        if (builder.ExecutionContext.IsPublishMode)
        {
            rootKey = builder.AddParameter("root-key", secret: true).WithDescription("The secret all others are derived from, at least 32 characters; the same in every process.");
            adminKey = builder.AddParameter("admin-key", secret: true).WithDescription("The administrator's key, at least 32 characters; changing it revokes the old one.");
            return;
        }

        folder = DataFolder.Open(DataFolder.Locate(builder.Configuration[DataFolder.Variable]));
        rootKey = builder.AddParameter("root-key", folder.RootKey(builder.Configuration[DataFolder.RootKeyVariable]), secret: true);
        if (builder.Configuration[AdminKey] is { Length: > 0 } given)
        {
            adminKey = builder.AddParameter("admin-key", given, secret: true);
            return;
        }

        // Made once and kept in the user secrets; as the first key only, so that rotating it from the dashboard goes on working.
        adminKeyVariable = "AGENTSYSTEM_FIRST_ADMIN_KEY";
        adminKey = builder
            .AddParameter("admin-key", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true)
            .WithDescription("The first administrator's key. Once it was rotated it is no longer valid.");
    }

    public string Description => string.Join(", ", described);

    /// <summary>Where the console keeps what protects its sign-ins, as the standalone system does; null when publishing.</summary>
    public string? ConsoleKeys => folder is null ? null : Path.Combine(folder.Path, "console-keys");

    public static async Task<StoreResources> AddAsync(IDistributedApplicationBuilder builder, IResourceBuilder<KubernetesEnvironmentResource> cluster)
    {
        var resources = new StoreResources(builder);
        try
        {
            var containers = builder.ExecutionContext.IsPublishMode || await ContainerDaemon.AnswersAsync(CancellationToken.None);
            await resources.AddPostgresAsync(builder, cluster, containers);
            resources.AddRedis(builder, containers);
            resources.AddQdrant(builder, cluster, containers);
            return resources;
        }
        catch
        {
            await resources.DisposeAsync();
            throw;
        }
    }

    /// <summary>A service that uses the stores: their connection strings, the secrets, and no start before they answer.</summary>
    public IResourceBuilder<ProjectResource> GiveTo(IResourceBuilder<ProjectResource> service)
    {
        foreach (var store in stores)
        {
            service.WithReference(store).WaitFor(store);
        }

        return service.WithEnvironment("RootKey", rootKey);
    }

    /// <summary>The administrator's key goes to the one service that makes sure there is one.</summary>
    public void GiveAdminKeyTo(IResourceBuilder<ProjectResource> api) => api.WithEnvironment(adminKeyVariable, adminKey);

    public async ValueTask DisposeAsync()
    {
        garnet?.Dispose();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }

        folder?.Dispose();
    }

    private async Task AddPostgresAsync(IDistributedApplicationBuilder builder, IResourceBuilder<KubernetesEnvironmentResource> cluster, bool containers)
    {
        if (AddConfigured(builder, "postgres"))
        {
            return;
        }

        if (containers)
        {
            var server = builder.AddPostgres("postgres-server").WithDataVolume(PostgresVolume).KeptIn(cluster, PostgresVolume, "20Gi");
            Add(server.AddDatabase("postgres", "agentsystem"), "PostgreSQL in a container");
            return;
        }

        using var loggers = Loggers();
        postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder!.Path }, loggers.CreateLogger("AgentSystem.AppHost"), CancellationToken.None);
        AddEmbedded(builder, "postgres", postgres.ConnectionString, "PostgreSQL embedded");
    }

    private void AddRedis(IDistributedApplicationBuilder builder, bool containers)
    {
        if (AddConfigured(builder, "redis"))
        {
            return;
        }

        if (containers)
        {
            Add(builder.AddRedis("redis").PublishAsKubernetesService(ProductionParts.OfStore), "Redis in a container");
            return;
        }

        using var loggers = Loggers();
        garnet = EmbeddedGarnet.TryStart(folder!.Path, loggers.CreateLogger("AgentSystem.AppHost"));
        if (garnet is not null)
        {
            AddEmbedded(builder, "redis", garnet.ConnectionString, "Garnet embedded");
        }
    }

    private void AddQdrant(IDistributedApplicationBuilder builder, IResourceBuilder<KubernetesEnvironmentResource> cluster, bool containers)
    {
        if (!AddConfigured(builder, "qdrant") && containers)
        {
            Add(builder.AddQdrant("qdrant").WithDataVolume(QdrantVolume).KeptIn(cluster, QdrantVolume, "10Gi"), "Qdrant in a container");
        }
    }

    private bool AddConfigured(IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsPublishMode || string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name)))
        {
            return false;
        }

        Add(builder.AddConnectionString(name), $"{name} as configured");
        return true;
    }

    private void AddEmbedded(IDistributedApplicationBuilder builder, string name, string connectionString, string description)
    {
        // AddConnectionString reads the value from configuration, where an operator's own would stand too.
        builder.Configuration[$"ConnectionStrings:{name}"] = connectionString;
        Add(builder.AddConnectionString(name), description);
    }

    private void Add(IResourceBuilder<IResourceWithConnectionString> store, string description)
    {
        stores.Add(store);
        described.Add(description);
    }

    private static ILoggerFactory Loggers() =>
        LoggerFactory.Create(static logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(static console => console.SingleLine = true));
}
