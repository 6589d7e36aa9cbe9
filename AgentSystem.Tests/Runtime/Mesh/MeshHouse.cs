using System.Runtime.CompilerServices;
using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Mesh.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSystem.Tests.Runtime.Mesh;

/// <summary>Processes of roles inside the test's own, on real sockets with real certificates, and callers of them.</summary>
internal sealed class MeshHouse : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> held = [];

    /// <summary>The development authority that all of them share unless told otherwise.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "agentsystem-mesh-" + Path.GetRandomFileName());

    /// <summary>Serves memory and inference as a test scripts them; gives where.</summary>
    /// <param name="script">What they do.</param>
    /// <param name="roles">The roles of the process.</param>
    /// <param name="settings">More of its settings.</param>
    public async Task<WebApplication> ServeAsync(ScriptedRole script, string[]? roles = null, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        Give(builder.Configuration, [("Roles:Serve:Url", "https://127.0.0.1:0"), ("Roles:Tls:Folder", Folder), .. settings]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var plan = MeshPlan.OfWorkers(builder.Configuration, roles ?? [RoleNames.Memory, RoleNames.Inference]);
        builder.Services.AddSingleton(script);
        builder.Services.AddMesh(plan, 1).AddRole<IMemoryService, ScriptedMemory>(plan, RoleNames.Memory).AddRole<IInferenceService, ScriptedInference>(plan, RoleNames.Inference);
        builder.ListenForRoles();
        var app = builder.Build();
        app.MapRoles();
        await app.StartAsync();
        held.Add(app);
        return app;
    }

    /// <summary>Where a process serves its roles.</summary>
    public static string Address(params IEnumerable<WebApplication> apps) => string.Join(',', apps.Select(static app => app.Urls.Single(static url => url.StartsWith("https", StringComparison.Ordinal))));

    /// <summary>A process that calls: a gateway, unless it has roles.</summary>
    public ServiceProvider Caller(string address, string[]? roles = null, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        Give(configuration, [("Services:memory", address), ("Services:inference", address), ("Roles:Tls:Folder", Folder), .. settings]);
        var plan = roles is null ? MeshPlan.OfGateway(configuration) : MeshPlan.OfWorkers(configuration, roles);
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddMesh(plan, 1)
            .AddRole<IMemoryService, ScriptedMemory>(plan, RoleNames.Memory).AddRole<IInferenceService, ScriptedInference>(plan, RoleNames.Inference).BuildServiceProvider();
        held.Add(services);
        return services;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(held))
        {
            await one.DisposeAsync();
        }

        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static void Give(IConfigurationBuilder configuration, IEnumerable<(string Name, string Value)> settings) =>
        // The later of two wins.
        configuration.AddInMemoryCollection(settings.GroupBy(static setting => setting.Name).Select(static same => KeyValuePair.Create(same.Key, (string?)same.Last().Value)));
}

/// <summary>What a role does when it is called.</summary>
internal sealed class ScriptedRole
{
    private int calls;

    /// <summary>Calls that reached it.</summary>
    public int Calls => calls;

    /// <summary>Carries a unary call out.</summary>
    public Func<string, CancellationToken, Task<string>> Remember { get; set; } = static (text, _) => Task.FromResult(text);

    /// <summary>Carries a stream out.</summary>
    public Func<string, CancellationToken, IAsyncEnumerable<string>> Answer { get; set; } = static (_, _) => AsyncEnumerable.Empty<string>();

    public void Count() => Interlocked.Increment(ref calls);
}

internal sealed class ScriptedMemory(ScriptedRole script) : IMemoryService
{
    public async ValueTask<RememberReply> RememberAsync(RememberRequest request, CancellationToken cancellation)
    {
        script.Count();
        return new RememberReply { Id = await script.Remember(request.Text, cancellation) };
    }

    public ValueTask<RecallReply> RecallAsync(RecallRequest request, CancellationToken cancellation) =>
        new(new RecallReply { Found = [.. Enumerable.Range(0, request.Limit).Select(place => new FoundStatement { Id = $"m{place}", Text = request.Query, Score = 1.0 / (place + 1), AtTicks = place })] });
}

internal sealed class ScriptedInference(ScriptedRole script) : IInferenceService
{
    public async IAsyncEnumerable<AnswerPiece> AnswerAsync(AnswerRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        script.Count();
        await foreach (var piece in script.Answer(request.Model, cancellation).WithCancellation(cancellation))
        {
            yield return new AnswerPiece { Update = piece };
        }
    }

    public ValueTask<EmbedReply> EmbedAsync(EmbedRequest request, CancellationToken cancellation) => new(new EmbedReply { Vectors = [.. request.Texts.Select(static text => new byte[text.Length])], Tokens = 7 });
}
