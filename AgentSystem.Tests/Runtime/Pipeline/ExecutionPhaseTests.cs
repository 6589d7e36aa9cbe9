using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Pipeline.Phases;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Calculator;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Pipeline;

public sealed class ExecutionPhaseTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly ScriptedModel model = new();
    private readonly InstanceTable instances = new(Options.Create(new RoutingOptions { Slots = 1, MaxWait = TimeSpan.Zero }), [new PowerOfTwoPolicy(new Random(1))], new InstanceName("here"));

    [Fact]
    public async Task Run_LongerThanTheAgentsLimit_EndsWith504AndGivesTheSlotBack()
    {
        using var gate = new SemaphoreSlim(0);
        model.Then(Turn.Says("one two three") with { Gate = gate });
        var running = Phase().RunAsync(Run(), CancellationToken.None).AsTask();

        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal((504, "deadline_exceeded"), ((await running)!.Status, (await running)!.Code));
        Assert.Equal(0, instances.Local.InUse);
    }

    [Fact]
    public async Task Run_NoSlotFree_IsRefusedWithARetryHint()
    {
        using var taken = await instances.TakeAsync(instances.Local, CancellationToken.None);

        var failure = await Phase().RunAsync(Run(), CancellationToken.None);

        Assert.Equal((503, "overloaded"), (failure!.Status, failure.Code));
        Assert.NotNull(failure.RetryAfter);
    }

    [Fact]
    public async Task Run_InGateMode_HoldsEveryPieceBack()
    {
        var sink = new CollectingSink();
        var run = Run(sink, QualityMode.Gate);
        model.Then(Turn.Says("not yet"));

        Assert.Null(await Phase().RunAsync(run, CancellationToken.None));

        Assert.Equal(("", "not yet"), (sink.Text, string.Concat(run.Held.Select(p => p.Text))));
        Assert.Null(await new QualityPhase().RunAsync(run, CancellationToken.None));
        Assert.Equal("not yet", sink.Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Run_AModelThatCallsToolsForEver_IsCalledAsOftenAsTheStepsAllowAndLastWithoutTools(int steps)
    {
        model.Otherwise = _ => Turn.Calls("calculator", "expression", "6*7");
        var run = Run(steps: steps);

        Assert.Null(await Phase().RunAsync(run, CancellationToken.None));

        Assert.Equal(steps, model.Asked.Count);
        Assert.Equal([.. Enumerable.Repeat(1, steps - 1), 0], model.Asked.Select(asked => asked.Options?.Tools?.Count ?? 0));
        // What the client did not declare it never sees called.
        Assert.Empty(run.Answer!.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
    }

    [Fact]
    public async Task Run_AModelThatCallsWhatNobodyOffered_EndsAtTheStepLimitToo()
    {
        model.Otherwise = _ => Turn.Calls("unknown_tool", "x", "y");

        Assert.Null(await Phase().RunAsync(Run(), CancellationToken.None));

        Assert.InRange(model.Asked.Count, 1, 4);
    }

    public void Dispose() => instances.Dispose();

    private ExecutionPhase Phase()
    {
        var resilience = new ModelResilience(Options.Create(new ResilienceOptions()), time, new JitterSource(1));
        return new ExecutionPhase(instances, new AgentLoop(new ToolCatalog([new CalculatorTool()]), resilience, time), time);
    }

    private RunContext Run(IAnswerSink? sink = null, QualityMode quality = QualityMode.Stream, int steps = 4)
    {
        var caller = new Caller("k", "k", "default", null, null, [Scopes.Chat], ["*"], ["*"], KeyLimits.None);
        var call = new ChatCall("req_1", "chat.completions", caller, "a", [new ChatMessage(ChatRole.User, "hi")], new ChatOptions(), null, sink is not null, time.GetTimestamp());
        return new RunContext(call, sink, new RunReport(time, call.Received))
        {
            Agent = new AgentDefinition("default", "a", 1, "a", "", "", "m", "", ["calculator"], new AgentLimits(MaxSteps: steps, MaxSeconds: 30), quality),
            Model = new ModelEntry(new ModelView("m", "scripted", null, null, 0, 0), model),
            Instance = instances.Local,
            Conversation = call.Messages,
        };
    }

    private sealed class CollectingSink : IAnswerSink
    {
        public string Text { get; private set; } = "";

        public ValueTask WriteAsync(RunContext run, ChatResponseUpdate update, CancellationToken cancellation)
        {
            Text += update.Text;
            return ValueTask.CompletedTask;
        }
    }
}
