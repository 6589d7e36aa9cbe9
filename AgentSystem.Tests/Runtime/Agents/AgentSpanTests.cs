using System.Collections.Concurrent;
using System.Diagnostics;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Tools;
using AgentSystem.Runtime.Tools.Calculator;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Agents;

public sealed class AgentSpanTests
{
    [Fact]
    public async Task Run_OfAThread_LeavesWhoItWasWhichThreadAndHowItEnded()
    {
        var name = "spanned-" + Guid.NewGuid().ToString("N");
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "AgentSystem.Agents",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var model = new ScriptedModel().Then(Turn.Calls("calculator", "expression", "6*7"), Turn.Says("42"));
        var agent = new AgentDefinition("default", name, 3, "a", "", "Counts.", "m", "", ["calculator"], new AgentLimits(MaxSteps: 4), QualityMode.Stream);
        var run = new AgentRun(
            agent, new ModelEntry(new ModelView("m", "scripted", "upstream", null, 0, 0), model), [new ChatMessage(ChatRole.User, "6*7?")], new ChatOptions(),
            new ToolScope("default", "u", name), static _ => true, new RunReport(TimeProvider.System, 0)) { ConversationId = "thr_1" };
        var resilience = new ModelResilience(Options.Create(new ResilienceOptions()), TimeProvider.System, new JitterSource(1));

        await new AgentLoop(new ToolCatalog([new CalculatorTool()]), resilience, TimeProvider.System).RunAsync(run, CancellationToken.None).ToChatResponseAsync();

        var span = Assert.Single(spans, each => each.DisplayName == "invoke_agent " + name);
        Assert.Equal(
            ("default/" + name, "Counts.", "thr_1", "scripted"),
            (span.GetTagItem("gen_ai.agent.id"), span.GetTagItem("gen_ai.agent.description"), span.GetTagItem("gen_ai.conversation.id"), span.GetTagItem("gen_ai.provider.name")));
        Assert.Equal(["stop"], Assert.IsType<string[]>(span.GetTagItem("gen_ai.response.finish_reasons")));
    }
}
