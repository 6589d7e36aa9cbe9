using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using static AgentSystem.Tests.ServiceDefaults.Inference.ScriptedEndpoint;

namespace AgentSystem.Tests.Api.Models;

/// <summary>What a request leaves behind for those who watch: OpenTelemetry's GenAI names, and not a word of the conversation.</summary>
public sealed class ModelTelemetryTests(ModelsFixture api) : IClassFixture<ModelsFixture>
{
    private const string Secret = "the-gate-code-is-4711";

    [Fact]
    public async Task Chat_WithATool_LeavesTheConventionsSpansAndNoContent()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "AgentSystem.Inference" or "AgentSystem.Agents",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        api.Endpoint.Then(Reply.Stream(
            whole: true,
            """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"calculator","arguments":"{\"expression\":\"4711*1\"}"}}]},"finish_reason":null}]}""",
            Reply.Chunk(null, "tool_calls"), Reply.Usage));

        using var answer = await api.Client().PostAsJsonAsync("/v1/chat/completions", new { model = "assistant", messages = new[] { new { role = "user", content = Secret } } });
        answer.EnsureSuccessStatusCode();

        // Other tests run beside this one: ours are the spans of the traces that asked our own model.
        var traces = spans.Where(span => Equals(span.GetTagItem("gen_ai.request.model"), ModelsFixture.Upstream)).Select(span => span.TraceId).ToHashSet();
        var ours = spans.Where(span => traces.Contains(span.TraceId)).ToList();
        var agent = Assert.Single(ours, span => span.DisplayName == "invoke_agent assistant");
        Assert.Equal(("invoke_agent", "assistant", 10, 4), (agent.GetTagItem("gen_ai.operation.name"), agent.GetTagItem("gen_ai.agent.name"), agent.GetTagItem("gen_ai.usage.input_tokens"), agent.GetTagItem("gen_ai.usage.output_tokens")));
        var chats = ours.Where(span => span.DisplayName == $"chat {ModelsFixture.Upstream}").ToList();
        Assert.Equal(2, chats.Count);
        Assert.All(chats, chat => Assert.Equal(("chat", "openai", 5, 2), (chat.GetTagItem("gen_ai.operation.name"), chat.GetTagItem("gen_ai.provider.name"), Convert.ToInt32(chat.GetTagItem("gen_ai.usage.input_tokens")), Convert.ToInt32(chat.GetTagItem("gen_ai.usage.output_tokens")))));
        var tool = Assert.Single(ours, span => span.DisplayName == "execute_tool calculator");
        Assert.Equal(("execute_tool", "calculator", "c1"), (tool.GetTagItem("gen_ai.operation.name"), tool.GetTagItem("gen_ai.tool.name"), tool.GetTagItem("gen_ai.tool.call.id")));
        Assert.All(ours, span => Assert.DoesNotContain(span.TagObjects.Select(tag => $"{tag.Value}").Append(span.StatusDescription ?? "").Concat(span.Events.SelectMany(each => each.Tags.Select(tag => $"{tag.Value}"))), text => text.Contains("4711", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Calls_OfBothKinds_AreMeasuredUnderTheConventionsNames()
    {
        var measured = new ConcurrentQueue<(string Name, string Unit, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "AgentSystem.Inference")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) => measured.Enqueue((instrument.Name, instrument.Unit ?? "", tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Keep(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Keep(instrument, tags));
        listener.Start();

        (await api.Client().PostAsJsonAsync("/v1/chat/completions", new { model = "model:small", messages = new[] { new { role = "user", content = Secret } } })).EnsureSuccessStatusCode();
        (await api.Client().PostAsJsonAsync("/v1/embeddings", new { model = "embed", input = Secret })).EnsureSuccessStatusCode();

        Assert.Contains(measured, each => each is { Name: "gen_ai.client.operation.duration", Unit: "s" } && Equals(each.Tags["gen_ai.request.model"], ModelsFixture.Upstream));
        Assert.Contains(measured, each => each is { Name: "gen_ai.client.token.usage", Unit: "{token}" } && Equals(each.Tags["gen_ai.token.type"], "output"));
        Assert.Contains(measured, each => each.Name == "gen_ai.client.operation.duration" && Equals(each.Tags["gen_ai.operation.name"], "embeddings"));
        Assert.DoesNotContain(measured, each => each.Tags.Values.Any(value => $"{value}".Contains("4711", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Logs_DownToDebug_NeverHoldTheConversation()
    {
        api.Endpoint.Then(new Reply(400, $$$"""{"error":{"message":"I will not say {{{Secret}}}","code":"refused"}}"""));
        using var refused = await AskAsync("model:small");
        using var answered = await AskAsync("assistant");
        using var fallen = await AskAsync("model:unused");
        (await api.Client().PostAsJsonAsync("/v1/embeddings", new { model = "embed", input = Secret })).EnsureSuccessStatusCode();
        (await api.Client().PostAsJsonAsync("/api/v1/models/small/try", new { prompt = Secret })).EnsureSuccessStatusCode();

        Assert.DoesNotContain(Secret, await refused.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(api.Logs.Lines);
        Assert.DoesNotContain(api.Logs.Lines, line => line.Contains(Secret, StringComparison.OrdinalIgnoreCase));
    }

    private Task<HttpResponseMessage> AskAsync(string model) =>
        api.Client().PostAsJsonAsync("/v1/chat/completions", new { model, user = Guid.NewGuid().ToString("N"), messages = new[] { new { role = "user", content = Secret } } });
}
