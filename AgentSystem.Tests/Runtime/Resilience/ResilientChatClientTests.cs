using System.Net;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Resilience;

public sealed class ResilientChatClientTests
{
    private readonly ScriptedModel model = new();

    [Fact]
    public async Task Ask_FailsTwiceThenAnswers_IsTriedThreeTimes()
    {
        model.Then(Down(), Down(), Turn.Says("here"));

        Assert.Equal("here", (await AskAsync(Client())).Text);
        Assert.Equal(3, model.Asked.Count);
    }

    [Fact]
    public async Task Ask_FailsMoreOftenThanAllowed_SaysWhichEndpointToCheck()
    {
        model.Then(Down(), Down(), Down());

        var failure = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(Client()));

        Assert.Equal((502, "model_unreachable"), (failure.Failure.Status, failure.Failure.Code));
        Assert.Contains("Models:m:Endpoint", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_TheRequestIsRefused_IsNotTriedAgain()
    {
        model.Then(Turn.Fails(new HttpRequestException("bad", null, HttpStatusCode.BadRequest)));

        await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(Client()));

        Assert.Single(model.Asked);
    }

    [Fact]
    public async Task Ask_TheAnswerBreaksOffAfterItBegan_IsNotStartedAgain()
    {
        model.Then(Turn.Says("half") with { FailureAfter = new IOException("cut") });

        await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(Client()));

        Assert.Single(model.Asked);
    }

    [Fact]
    public async Task Ask_AnOutage_SpendsTheRetryBudgetAndThenOnlyFirstAttempts()
    {
        model.Otherwise = _ => Down();
        var client = Client(new ResilienceOptions { BaseDelay = TimeSpan.Zero, RetryBudget = 0, RetryReserve = 5, BreakerMinimumCalls = 10_000 });

        for (var i = 0; i < 50; i++)
        {
            await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(client));
        }

        Assert.Equal(55, model.Asked.Count);
    }

    [Fact]
    public async Task Ask_TheModelKeepsFailing_ItsBreakerOpensAndAnswersAtOnce()
    {
        model.Otherwise = _ => Down();
        var resilience = Resilience(new ResilienceOptions { BaseDelay = TimeSpan.Zero, MaxAttempts = 1, BreakerMinimumCalls = 4 });
        var client = new ResilientChatClient(model, "m", resilience);
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(client));
        }

        var failure = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(client));

        Assert.Equal((503, "model_unavailable"), (failure.Failure.Status, failure.Failure.Code));
        Assert.Equal("open", resilience.Breakers["m"]);
        Assert.Equal(4, model.Asked.Count);
    }

    [Fact]
    public async Task Ask_CancelledByTheCaller_IsNeitherTriedAgainNorCountedAsTheModelsFault()
    {
        using var gate = new SemaphoreSlim(0);
        model.Otherwise = _ => Turn.Says("never finished") with { Gate = gate };
        using var leave = new CancellationTokenSource();
        var resilience = Resilience(new ResilienceOptions());
        var asking = new ResilientChatClient(model, "m", resilience).GetResponseAsync([new ChatMessage(ChatRole.User, "hi")], cancellationToken: leave.Token);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal((1, "closed"), (model.Asked.Count, resilience.Breakers["m"]));
    }

    private static Turn Down() => Turn.Fails(new HttpRequestException("no route"));

    private static ModelResilience Resilience(ResilienceOptions options) => new(Options.Create(options), TimeProvider.System, new JitterSource(1));

    private ResilientChatClient Client(ResilienceOptions? options = null) => new(model, "m", Resilience(options ?? new ResilienceOptions { BaseDelay = TimeSpan.Zero }));

    private static Task<ChatResponse> AskAsync(ResilientChatClient client) => client.GetResponseAsync([new ChatMessage(ChatRole.User, "hi")]);
}
