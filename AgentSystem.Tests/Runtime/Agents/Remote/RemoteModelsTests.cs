using System.Net;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Agents.Remote;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;

namespace AgentSystem.Tests.Runtime.Agents.Remote;

/// <summary>A local model asked through the role <c>inference</c> says, counts and fails as it does beside its caller.</summary>
public sealed class RemoteModelsTests
{
    private readonly ScriptedModel model = new();

    public static TheoryData<Exception> Failures =>
    [
        new ModelBusyException("local", 9), new ModelInputTooLongException("local", 9_000, 4_096), new ModelCallMissingException("local", true), new ModelCallMissingException("local", false),
        new TimeoutException("late"), new HttpRequestException("gone"), new ProviderException("over", HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), new ProviderException("long", HttpStatusCode.BadRequest, tooLong: true),
        new ProviderException("none", HttpStatusCode.NotFound, cure: "Pull it."),
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Answer_ThatFails_MeansTheSameToWhoeverReadsTheException(Exception failure)
    {
        model.Then(Turn.Fails(failure));

        var met = await Assert.ThrowsAnyAsync<Exception>(() => Client().GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(failure.GetType(), met.GetType());
        Assert.Equal(ModelFailures.Read(failure, "local"), ModelFailures.Read(met, "local"));
    }

    [Fact]
    public async Task Answer_WithOptionsAndTools_ReachesTheModelAndComesBackInItsPieces()
    {
        model.Then(Turn.Says("one two three"));
        var options = new ChatOptions { Temperature = 0.25f, Seed = 7, StopSequences = ["."], Tools = [AIFunctionFactory.CreateDeclaration("look", "Looks.", AIFunctionFactory.Create((string at) => at).JsonSchema)], ToolMode = ChatToolMode.RequireSpecific("look") };

        var pieces = await Client().GetStreamingResponseAsync([new ChatMessage(ChatRole.System, "Be brief."), new ChatMessage(ChatRole.User, "hi")], options, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        var (messages, asked) = model.Asked.Single();
        Assert.Equal(["Be brief.", "hi"], messages.Select(static message => message.Text));
        Assert.Equal((0.25f, 7L, "look"), (asked!.Temperature, asked.Seed, ((RequiredChatToolMode)asked.ToolMode!).RequiredFunctionName));
        Assert.Equal("look", Assert.Single(asked.Tools!).Name);
        Assert.Equal("one two three", string.Concat(pieces.Select(static piece => piece.Text)));
        Assert.True(pieces.Count > 1);
    }

    [Fact]
    public void Find_AModelBehindAService_IsTheClientOfThisProcess()
    {
        var source = new RemoteModels(new Source(model), new InferenceRole(new Source(model)));

        Assert.Same(model, source.Find<IChatClient>("hosted"));
        Assert.NotSame(model, source.Find<IChatClient>("local"));
        Assert.Null(source.Find<IChatClient>("none"));
    }

    [Fact]
    public void ReadUpdate_WithANumberBesideIt_HasItAsANumberAgain()
    {
        var update = new ChatResponseUpdate(ChatRole.Assistant, "x") { AdditionalProperties = new() { ["mean_logprob"] = -0.5 } };

        Assert.Equal(-0.5, RoleJson.ReadUpdate(RoleJson.Write(update)).AdditionalProperties!["mean_logprob"]);
    }

    private IChatClient Client() => new RemoteModels(new Source(model), new InferenceRole(new Source(model))).Find<IChatClient>("local")!;

    private sealed class Source(IChatClient client) : IModelSource
    {
        public IReadOnlyList<ModelView> Models => [new("local", "onnx", null, null, 0, 0), new("hosted", "openai", null, null, 0, 0)];

        public T? Find<T>(string name)
            where T : class => Models.Any(model => model.Name == name) ? client as T : null;

        public (int? Dimensions, bool Truncates) VectorsOf(string name) => (null, false);
    }
}
