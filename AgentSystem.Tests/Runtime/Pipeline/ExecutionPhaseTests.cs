using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Pipeline.Phases;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Tools;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
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

    [Fact]
    public async Task Run_AModelThatCallsToolsForEver_EndsAtTheStepLimit()
    {
        model.Otherwise = _ => Turn.Calls("unknown_tool", "x", "y");
        var run = Run();

        await Phase().RunAsync(run, CancellationToken.None);

        Assert.InRange(model.Asked.Count, 1, 5);
    }

    public void Dispose() => instances.Dispose();

    private ExecutionPhase Phase()
    {
        var resilience = new ModelResilience(Options.Create(new ResilienceOptions()), time, new JitterSource(1));
        return new ExecutionPhase(instances, new AgentLoop(new ToolCatalog([]), resilience, time, NullLoggerFactory.Instance), time);
    }

    private RunContext Run(IAnswerSink? sink = null, QualityMode quality = QualityMode.Stream)
    {
        var caller = new Caller("k", "k", "default", null, null, [Scopes.Chat], ["*"], ["*"], KeyLimits.None);
        var call = new ChatCall("req_1", "chat.completions", caller, "a", [new ChatMessage(ChatRole.User, "hi")], new ChatOptions(), null, sink is not null, time.GetTimestamp());
        return new RunContext(call, sink, new RunReport(time, call.Received))
        {
            Agent = new AgentDefinition("default", "a", 1, "a", "", "", "m", "", [], new AgentLimits(MaxSteps: 4, MaxSeconds: 30), quality),
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
