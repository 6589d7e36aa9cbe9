using System.Diagnostics.CodeAnalysis;
using System.Net;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Models;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Api.Chat;

/// <summary>Which model answers, and which must not be asked.</summary>
public sealed class ModelChoiceTests(ModelChoiceTests.TwoModels api) : IClassFixture<ModelChoiceTests.TwoModels>
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task Chat_TheAgentsModelIsGone_BeginsWithTheFirstOfItsFallbacksThatIsThere()
    {
        await KeepAsync("orphan", ["gone-too", "small", "graphics"]);
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json("""{"model":"orphan","messages":[{"role":"user","content":"anyone there"}]}"""));

        Assert.Equal((HttpStatusCode.OK, "small"), (answer.StatusCode, answer.Headers.GetValues("x-agentsystem-model").Single()));
    }

    [Fact]
    public async Task Chat_TheAgentsModelAndItsFallbacksAreGone_Answers503WithTheCure()
    {
        await KeepAsync("hermit", ["gone-too"]);
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json("""{"model":"hermit","messages":[{"role":"user","content":"anyone there"}]}"""));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("set Models:gone.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_AnImageForATextModelOnTheGraphicsProcessor_IsRefused()
    {
        using var answer = await api.Client().PostAsync(Path, BadInputTests.Json(
            """{"model":"model:graphics","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]}"""));

        await BadInputTests.Expect(answer, HttpStatusCode.BadRequest, "unsupported_content", "messages");
    }

    /// <summary>Straight into the store: at the edge an agent is refused whose models are not there.</summary>
    private async Task KeepAsync(string name, IReadOnlyList<string> fallbacks)
    {
        var agent = new AgentDefinition(Tenants.Default, name, 1, "test", "", "", "gone", "", [], new AgentLimits(), QualityMode.Stream, fallbacks);
        Assert.True(await api.Services.GetRequiredService<IAgentStore>().SeedAsync(agent, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken));
    }

    /// <summary>One scripted model under two names, the second as if it ran on the graphics processor.</summary>
    public sealed class TwoModels(TestPostgres postgres) : ApiFixture(postgres)
    {
        protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton<IModelDirectory>(new Directory(Model));
    }

    private sealed class Directory(ScriptedModel model) : IModelDirectory
    {
        private readonly ModelEntry[] entries = [Entry("graphics", "onnx-genai", model), Entry("small", "scripted", model)];

        public IReadOnlyList<ModelView> Models => [.. entries.Select(static entry => entry.View)];

        public bool TryGet(string name, [NotNullWhen(true)] out ModelEntry? model)
        {
            model = Array.Find(entries, entry => entry.View.Name == name);
            return model is not null;
        }

        private static ModelEntry Entry(string name, string provider, ScriptedModel model) => new(new ModelView(name, provider, name, 4096, 0m, 0m), model);
    }
}
