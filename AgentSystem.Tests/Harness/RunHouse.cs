using System.Collections.Concurrent;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Caching;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Pipeline.Durable;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Audit;
using AgentSystem.Runtime.State;
using AgentSystem.Runtime.Threads;
using AgentSystem.Runtime.Threats;
using AgentSystem.Runtime.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Harness;

/// <summary>
/// The data plane over a real database, with a scripted model and a counting tool of each effect class. Nothing runs by itself: a test claims and executes, as
/// as many workers as it likes, and lets leases end when it says so.
/// </summary>
internal sealed class RunHouse : IAsyncDisposable
{
    /// <summary>The agent with the four counting tools <c>look</c>, <c>put</c>, <c>pay</c> and <c>fire</c>.</summary>
    public const string Agent = "worker";

    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    public static readonly RunScope Everybody = new(Tenants.Default, null);

    private readonly ServiceProvider services;

    private RunHouse(MigratedDatabase database, ServiceProvider services, ScriptedModel model, IReadOnlyDictionary<string, CountingTool> tools, ConcurrentQueue<(string Tool, string Id)> calls) =>
        (Database, this.services, Model, Tools, Calls) = (database, services, model, tools, calls);

    public MigratedDatabase Database { get; }

    public ScriptedModel Model { get; }

    public IReadOnlyDictionary<string, CountingTool> Tools { get; }

    /// <summary>Every call any tool ever got, with its id.</summary>
    public ConcurrentQueue<(string Tool, string Id)> Calls { get; }

    public IRunStore Store => services.GetRequiredService<IRunStore>();

    public IRunQueue Queue => services.GetRequiredService<IRunQueue>();

    public IRunLog Log => services.GetRequiredService<IRunLog>();

    public IThreadStore Threads => services.GetRequiredService<IThreadStore>();

    public IServiceProvider Services => services;

    public static async Task<RunHouse> CreateAsync(TestPostgres postgres, AgentLimits? limits = null, QualityMode quality = QualityMode.Stream)
    {
        var database = await MigratedDatabase.CreateAsync(postgres);
        var (model, calls) = (new ScriptedModel(), new ConcurrentQueue<(string, string)>());
        CountingTool Tool(string name, ToolEffect effect) => new(name, effect, (tool, id) => calls.Enqueue((tool, id)));
        CountingTool[] tools = [Tool("look", ToolEffect.Read), Tool("put", ToolEffect.Idempotent), Tool("pay", ToolEffect.Once), Tool("fire", ToolEffect.Unsafe)];
        var collection = new ServiceCollection();
        collection.AddLogging().AddMetrics().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        collection.AddSingleton(database.Source).AddSingleton(new RootKey("a-root-key-for-tests-0123456789-0123456789"));
        collection.AddState().AddSecurity().AddAudit().AddThreats().AddMemory().AddThreads().AddDocuments().AddTools().AddAgents().AddFacts().AddAnswerCache(redis: false);
        collection.AddRouting("here", 1).AddModelResilience(1).AddPipeline().AddDurableRuns();
        collection.AddSingleton<IModelDirectory>(new ScriptedModels(model));
        foreach (var tool in tools)
        {
            collection.AddSingleton<ITool>(tool);
        }

        var house = new RunHouse(database, collection.BuildServiceProvider(), model, tools.ToDictionary(tool => tool.Name), calls);
        var agent = SeededAgents.Assistant with { Name = Agent, Tools = [.. tools.Select(tool => tool.Name)], Limits = limits ?? new AgentLimits(MaxSteps: 60), Quality = quality };
        await house.services.GetRequiredService<IAgentStore>().SeedAsync(agent, DateTimeOffset.UnixEpoch, default);
        return house;
    }

    public static Caller Caller(string tenant = Tenants.Default) => new("key-1", "key", tenant, null, null, [Scopes.Chat], ["*"], ["*"], KeyLimits.None);

    public static NewRun NewRun(string input = "do it", string tenant = Tenants.Default) => new(Caller(tenant), "user:ada", Agent, input);

    public async Task<RunRecord> SubmitAsync(NewRun? run = null) => (await Store.SubmitAsync(run ?? NewRun(), default)).Run!;

    public async Task<HeldRun> ClaimAsync(string holder = "a") => Assert.Single(await Queue.ClaimAsync(holder, 1, Lease, 5, default));

    /// <summary>A worker's executor over any journal.</summary>
    public RunExecutor Executor(IRunLog? log = null, RunOptions? options = null) => new(
        services.GetRequiredService<ChatPipeline>(), log ?? Log, services.GetRequiredService<ResponseRuns>(), Options.Create(options ?? new RunOptions { RetryDelay = TimeSpan.Zero }), TimeProvider.System, NullLogger<RunExecutor>.Instance);

    public Task ExecuteAsync(HeldRun held, IRunLog? log = null) => Executor(log).ExecuteAsync(held, default, default);

    /// <summary>Claims and executes whatever is due until nothing is.</summary>
    public async Task DrainAsync()
    {
        while (await Queue.ClaimAsync("drain", 1, Lease, 5, default) is [var held])
        {
            await ExecuteAsync(held);
        }
    }

    /// <summary>Lets every lease end now: their holders are taken for dead.</summary>
    public async Task EndLeasesAsync()
    {
        await using var end = Database.Source.CreateCommand("UPDATE agentsystem.runs SET lease_until = clock_timestamp() - interval '1 second' WHERE status = 'running'");
        await end.ExecuteNonQueryAsync();
    }

    public async Task<RunRecord> FindAsync(string id) => (await Store.FindAsync(Everybody, id, default))!;

    public Task<IReadOnlyList<RunStep>> StepsAsync(string id) => Store.StepsAsync(Everybody, id, default);

    public Task<IReadOnlyList<RunEvent>> EventsAsync(string id) => Store.EventsAsync(Everybody, id, 0, 10_000, default);

    /// <summary>A person decides about the call the run waits for.</summary>
    public async Task DecideAsync(string id, bool approved, string? reason = null)
    {
        var outcome = await Store.DecideAsync(Everybody, id, new NewDecision(null, null, approved, reason, "key-2"), default);
        Assert.True(outcome.Taken);
    }

    /// <summary>A person who can see the world: lets an unsafe call be made, and a lost one be made again exactly where it had no effect.</summary>
    public async Task DecideBySightAsync(string id)
    {
        var call = Assert.Single(await StepsAsync(id), step => step is { Status: StepStatus.Planned or StepStatus.Unknown, Call.Decision: null });
        await DecideAsync(id, approved: !Calls.Any(made => made.Id == call.Call!.Id), "it was done");
    }

    public int Count(string tool) => Calls.Count(call => call.Tool == tool);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>Answers of a model that calls tools.</summary>
internal static class ToolScript
{
    private static int ids;

    /// <summary>Calls several tools in one answer.</summary>
    public static Turn Calls(params string[] tools) =>
        new([.. tools.Select(tool => (AIContent)new FunctionCallContent($"c{Interlocked.Increment(ref ids)}", tool, new Dictionary<string, object?> { ["n"] = tool }))], ChatFinishReason.ToolCalls);

    /// <summary>The turns in their order, however often the conversation is begun again: the number of answers so far says which is next.</summary>
    public static Func<IReadOnlyList<ChatMessage>, Turn> InOrder(params Func<Turn>[] turns) => messages =>
        turns[Math.Min(turns.Length - 1, messages.SkipWhile(message => message.Role != ChatRole.User).Count(message => message.Role == ChatRole.Assistant))]();

    /// <summary>All four effect classes in three rounds, then an answer.</summary>
    public static Func<IReadOnlyList<ChatMessage>, Turn> AllEffects { get; } = InOrder(() => Calls("look"), () => Calls("put", "pay"), () => Calls("fire"), () => Turn.Says("all done"));
}
