using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Roles;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Pipeline.Phases;
using AgentSystem.Runtime.Pipeline.Remote;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Calculator;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Pipeline.Remote;

/// <summary>The execution phase with the agent loop here and with it in the role <c>reasoning</c>: a run must not show which it was.</summary>
public sealed class HandedOverTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly ScriptedModel model = new();
    private readonly InstanceTable instances = new(Options.Create(new RoutingOptions { Slots = 1, MaxWait = TimeSpan.Zero, MaxWaiting = 0 }), [new PowerOfTwoPolicy(new Random(1))], new InstanceName("there"));

    public void Dispose() => instances.Dispose();

    [Theory]
    [InlineData(QualityMode.Stream)]
    [InlineData(QualityMode.Gate)]
    public async Task Run_WithToolsAndText_IsTheSameHereAndThere(QualityMode quality)
    {
        var here = await RunAsync(null, quality);
        var there = await RunAsync(Elsewhere(), quality);

        Assert.Equal("it is forty two", there.Run.Answer!.Text);
        Assert.Equal(Story(here.Run), Story(there.Run));
        Assert.Equal(here.Written, there.Written);
        Assert.Equal(quality == QualityMode.Gate ? "" : "it is forty two", string.Concat(there.Written));
        Assert.Equal(0, instances.Local.InUse);
    }

    [Fact]
    public async Task Run_ThatCallsTheClientsOwnTool_HandsTheCallBack()
    {
        model.Then(Turn.Calls("lookup", "word", "ünïcode \"quoted\""));
        var (run, _) = await RunAsync(Elsewhere(), QualityMode.Stream, AIFunctionFactory.CreateDeclaration("lookup", "Looks a word up.", AIFunctionFactory.Create((string word) => word).JsonSchema));

        var call = Assert.Single(run.Answer!.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>());

        Assert.Equal(("lookup", "ünïcode \"quoted\""), (call.Name, call.Arguments!["word"]?.ToString()));
        Assert.Equal("Looks a word up.", model.Asked.Single().Options!.Tools!.Single(static tool => tool.Name == "lookup").Description);
    }

    [Fact]
    public async Task Run_WhoseModelFails_FailsTheSameWay()
    {
        model.Then(Turn.Fails(new ModelInputTooLongException("m", 9_000, 4_096)));
        var there = await Phase(Elsewhere()).RunAsync(Run([]), CancellationToken.None);
        model.Then(Turn.Fails(new ModelInputTooLongException("m", 9_000, 4_096)));
        var here = await Phase(null).RunAsync(Run([]), CancellationToken.None);

        Assert.Equal(here, there);
        Assert.Equal(400, there!.Status);
    }

    [Fact]
    public async Task Run_WhenTheRoleIsAway_IsRefusedWithARetryHint()
    {
        var failure = await Phase(new HandedOver(new AwayRole())).RunAsync(Run([]), CancellationToken.None);

        Assert.Equal((503, "role_unavailable"), (failure!.Status, failure.Code));
        Assert.NotNull(failure.RetryAfter);
    }

    [Fact]
    public async Task Run_WhoseRoleEndsWithoutAnEnd_IsNoAnswer()
    {
        var failure = await Phase(new HandedOver(new SilentRole())).RunAsync(Run([]), CancellationToken.None);

        Assert.Equal((503, "role_broke_off"), (failure!.Status, failure.Code));
    }

    [Fact]
    public async Task Role_WithoutAFreeSlotOrTheModel_BeginsNothing()
    {
        using var taken = await instances.TakeAsync(instances.Local, CancellationToken.None);
        Assert.Equal(503, (await Phase(Elsewhere()).RunAsync(Run([]), CancellationToken.None))!.Status);
        Assert.Empty(model.Asked);
    }

    private static string Story(RunContext run) =>
        $"{run.Report.Attempts} {run.Report.InputTokens} {run.Report.OutputTokens} {run.Report.CostUsd} {run.Report.Model} {string.Join(',', run.Report.Tools.Select(static tool => $"{tool.Name} {tool.Outcome}"))} "
        + string.Join(" | ", run.Transcript.SelectMany(static piece => piece.Contents).Select(static content => content switch
        {
            FunctionCallContent call => $"call {call.Name}({string.Join(',', call.Arguments!.Select(static argument => $"{argument.Key}={argument.Value}"))})",
            FunctionResultContent result => $"result {result.Result}",
            _ => "",
        }).Where(static text => text.Length > 0))
        + string.Concat(run.Transcript.Select(static piece => piece.Text)) + string.Concat(run.Held.Select(static piece => piece.Text)) + run.Answer!.FinishReason;

    private async Task<(RunContext Run, List<string> Written)> RunAsync(HandedOver? elsewhere, QualityMode quality, params AITool[] own)
    {
        if (own.Length == 0)
        {
            model.Then(Turn.Calls("calculator", "expression", "6*7"), Turn.Says("it is forty two"));
        }

        var written = new List<string>();
        var run = Run(own, new CollectingSink(written), quality);
        Assert.Null(await Phase(elsewhere).RunAsync(run, CancellationToken.None));
        return (run, written);
    }

    private HandedOver Elsewhere() => new(new ReasoningRole(Loop(), instances, new OneModel(model), time));

    private ExecutionPhase Phase(HandedOver? elsewhere) => new(instances, Loop(), time, null, elsewhere);

    private AgentLoop Loop() => new(new ToolCatalog([new CalculatorTool()]), new ModelResilience(Options.Create(new ResilienceOptions()), time, new JitterSource(1)), time);

    private RunContext Run(AITool[] own, IAnswerSink? sink = null, QualityMode quality = QualityMode.Stream)
    {
        var caller = new Caller("k", "k", "default", null, null, [Scopes.Chat], ["*"], ["*"], KeyLimits.None);
        var options = new ChatOptions { Temperature = 0.5f, MaxOutputTokens = 100, Tools = own.Length == 0 ? null : [.. own] };
        var call = new ChatCall("req_1", "chat.completions", caller, "a", [new ChatMessage(ChatRole.User, "hi")], options, null, sink is not null, time.GetTimestamp());
        return new RunContext(call, sink, new RunReport(time, call.Received))
        {
            Agent = new AgentDefinition("default", "a", 1, "a", "", "", "m", "Be brief.", ["calculator"], new AgentLimits(MaxSteps: 4, MaxSeconds: 30), quality),
            Model = new OneModel(model).Entry,
            Instance = instances.Local,
            Conversation = call.Messages,
        };
    }

    private sealed class CollectingSink(List<string> written) : IAnswerSink
    {
        public ValueTask WriteAsync(RunContext run, ChatResponseUpdate update, CancellationToken cancellation)
        {
            written.Add(update.Text);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class OneModel(IChatClient client) : IModelDirectory
    {
        public ModelEntry Entry { get; } = new(new ModelView("m", "scripted", null, null, 1, 2), client);

        public IReadOnlyList<ModelView> Models => [Entry.View];

        public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ModelEntry? found)
        {
            found = name == "m" ? Entry : null;
            return found is not null;
        }
    }

    private sealed class AwayRole : IReasoningService
    {
        public IAsyncEnumerable<ExecutionPiece> ExecuteAsync(ExecutionRequest request, CancellationToken cancellation) => throw new RoleCallException(RoleNames.Reasoning, RoleFailure.Away, "Nobody is there.");
    }

    private sealed class SilentRole : IReasoningService
    {
        public IAsyncEnumerable<ExecutionPiece> ExecuteAsync(ExecutionRequest request, CancellationToken cancellation) => AsyncEnumerable.Empty<ExecutionPiece>();
    }
}
