using System.Net.Http.Headers;
using System.Net.Http.Json;
using AgentSystem.Api;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Harness;

/// <summary>The real API on a loopback port, over its own real database, with a scripted model behind the seeded agents.</summary>
public class ApiFixture(TestPostgres postgres) : IAsyncLifetime
{
    /// <summary>The key every fixture's first admin has.</summary>
    public const string Admin = "as-test-admin-key-0123456789-0123456789";

    private WebApplication? app;
    private string connection = "";
    private string address = "http://127.0.0.1:0";

    /// <summary>The model behind the agents.</summary>
    public ScriptedModel Model { get; } = new();

    /// <summary>Where the API listens.</summary>
    public string BaseUrl => app!.Urls.First();

    /// <summary>A key that may do everything.</summary>
    public string AdminKey { get; } = Admin;

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => app!.Services;

    public async ValueTask InitializeAsync()
    {
        connection = await postgres.CreateDatabaseAsync();
        await StartAsync();
    }

    /// <summary>Stops the API and starts it again on the same database and port.</summary>
    public async Task RestartAsync()
    {
        address = BaseUrl;
        await app!.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Starts it again where a restart was refused.</summary>
    public async Task StartAgainAsync()
    {
        await app!.DisposeAsync();
        await StartAsync();
    }

    /// <summary>A client with a key; null for one without.</summary>
    public HttpClient Client(string? key = Admin)
    {
        var client = new HttpClient { BaseAddress = new Uri(BaseUrl) };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>A client with a new key of the given scopes and limits.</summary>
    public async Task<HttpClient> ClientWithAsync(CreateKey key)
    {
        using var admin = Client();
        using var answer = await admin.PostAsJsonAsync("/api/v1/keys", key, PlatformJson.Options);
        var created = await answer.Content.ReadFromJsonAsync<CreatedKey>(PlatformJson.Options);
        return Client(created!.Key);
    }

    /// <summary>A client that may chat and nothing else.</summary>
    public Task<HttpClient> ChatClientAsync(KeyLimits? limits = null) => ClientWithAsync(new CreateKey("chat", [Scopes.Chat], Limits: limits));

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await app!.DisposeAsync();
    }

    /// <summary>The configured models: an endpoint nobody calls in the shipped model's place, which need not be loaded for nothing because the directory below replaces it.</summary>
    protected virtual Dictionary<string, string?> Models => new()
    {
        ["Models:small:Provider"] = "openai",
        ["Models:small:Model"] = "unused",
        ["Models:small:Endpoint"] = "http://127.0.0.1:9/v1",
    };

    /// <summary>Settings on top of the fixture's own.</summary>
    protected virtual void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton<IModelDirectory>(new ScriptedModels(Model));

    /// <summary>Another API on the same database, with the same model behind it. Whoever asks for it disposes of it.</summary>
    public async Task<WebApplication> NeighbourAsync()
    {
        var neighbour = Build("http://127.0.0.1:0");
        await neighbour.StartAsync();
        return neighbour;
    }

    private async Task StartAsync()
    {
        app = Build(address);
        await ApiHost.PrepareAsync(app, CancellationToken.None);
        await app.StartAsync();
    }

    private WebApplication Build(string url) => ApiHost.Build([], builder =>
    {
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:postgres"] = connection,
            ["AGENTSYSTEM_ROOT_KEY"] = "a-root-key-for-tests-0123456789-0123456789",
            ["AGENTSYSTEM_ADMIN_KEY"] = Admin,
            ["AGENTSYSTEM_API_URL"] = url,
            // Tests err and attack with the admin's key all the time; what the policy does about that by itself is a test of its own.
            ["Threats:Automatic"] = "Off",
        });
        builder.Configuration.AddInMemoryCollection(Models);
        Configure(builder);
    });
}
