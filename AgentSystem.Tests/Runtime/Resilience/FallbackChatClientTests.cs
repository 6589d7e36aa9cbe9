using System.Net;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Runtime.Resilience;

public sealed class FallbackChatClientTests
{
    private readonly ScriptedModel first = new() { Otherwise = _ => Turn.Says("first") };
    private readonly ScriptedModel second = new() { Otherwise = _ => Turn.Says("second") };
    private readonly ScriptedModel third = new() { Otherwise = _ => Turn.Says("third") };
    private readonly List<string> moves = [];
    private readonly ModelResilience resilience = new(Options.Create(new ResilienceOptions { BaseDelay = TimeSpan.Zero, MaxAttempts = 1, BreakerMinimumCalls = 2 }), TimeProvider.System, new JitterSource(1));

    public static TheoryData<string> Passing => ["unreachable", "timeout", "429", "500", "503", "401", "404", "busy"];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Ask_TheFirstCannotAnswer_TheSecondDoes(string failure)
    {
        first.Then(Turn.Fails(Failure(failure)));
        Assert.Equal("second", (await AskAsync()).Text);
        Assert.Equal((1, 1, 0), (first.Asked.Count, second.Asked.Count, third.Asked.Count));
        Assert.Single(moves);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.UnprocessableEntity)]
    public async Task Ask_TheRequestIsWrong_NobodyElseIsAsked(HttpStatusCode status)
    {
        first.Then(Turn.Fails(new HttpRequestException("bad", null, status)));
        await Assert.ThrowsAsync<ModelCallException>(() => AskAsync());
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task Ask_TooLongForTheFirst_GoesOnlyToALongerOne()
    {
        first.Then(Turn.Fails(TooLong()));
        Assert.Equal("third", (await AskAsync(contexts: [1000, 1000, 2000])).Text);
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task Ask_TooLongForAll_SaysSoWithItsOwnStatus()
    {
        first.Then(Turn.Fails(TooLong()));
        var error = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(contexts: [1000, 500, null]));
        Assert.Equal((400, "context_length_exceeded"), (error.Failure.Status, error.Failure.Code));
    }

    [Fact]
    public async Task Ask_AnAnswerThatBreaksOffAfterItBegan_StaysWithItsModel()
    {
        first.Then(Turn.Says("half") with { FailureAfter = new IOException("cut") });
        await Assert.ThrowsAsync<ModelCallException>(() => AskAsync());
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task Ask_AllOfThemFail_TellsTheFirstFailureAndWhoElseWasAsked()
    {
        first.Then(Turn.Fails(Failure("500")));
        second.Then(Turn.Fails(Failure("timeout")));
        third.Then(Turn.Fails(Failure("429")));
        var error = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync());
        Assert.Equal("model_unreachable", error.Failure.Code);
        Assert.EndsWith("Its fallbacks failed too: m1 (model_timeout), m2 (model_overloaded).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_TheBreakerIsOpen_GoesOnWithoutAskingTheFirst()
    {
        await resilience.IsolateAsync("m0", CancellationToken.None);
        Assert.Equal("second", (await AskAsync()).Text);
        Assert.Empty(first.Asked);
        await resilience.CloseAsync("m0", CancellationToken.None);
        Assert.Equal("first", (await AskAsync()).Text);
    }

    [Fact]
    public async Task Ask_AtTheModelsLimit_TheFallbackTakesItAndTheBreakerStaysClosed()
    {
        var limits = new ModelLimits(RequestsPerMinute: 1);
        string[] answers = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await AskAsync(limits: limits)).Text))];
        Assert.Equal(1, answers.Count(text => text == "first"));
        Assert.Equal("closed", resilience.Breakers["m0"]);
    }

    [Fact]
    public async Task Ask_WithAPicture_PassesOverModelsThatReadTextOnly()
    {
        first.Then(Turn.Fails(Failure("500")));
        var message = new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]);
        Assert.Equal("third", (await Client(textOnly: 1).GetResponseAsync([message])).Text);
    }

    [Fact]
    public async Task Ask_CancelledByTheCaller_NobodyElseIsAsked()
    {
        using var leave = new CancellationTokenSource();
        first.Otherwise = _ =>
        {
            leave.Cancel();
            return Turn.Fails(new OperationCanceledException(leave.Token));
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client().GetResponseAsync([new ChatMessage(ChatRole.User, "hi")], cancellationToken: leave.Token));
        Assert.Empty(second.Asked);
    }

    private static ModelCallException TooLong() => new(new ModelFailure(400, "context_length_exceeded", "too long", Retryable: false));

    private static Exception Failure(string name) => name switch
    {
        "unreachable" => new HttpRequestException("no route"),
        "timeout" => new TimeoutException(),
        "busy" => new ModelCallException(new ModelFailure(503, "model_overloaded", "busy", Retryable: true)),
        _ => new HttpRequestException("status", null, (HttpStatusCode)int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)),
    };

    private FallbackChatClient Client(int?[]? contexts = null, ModelLimits? limits = null, int? textOnly = null) => new(
        [.. new[] { first, second, third }.Select((model, index) => new FallbackCandidate(
            $"m{index}", contexts?[index], index == textOnly,
            new ResilientChatClient(new WatchedChatClient(model, $"m{index}", index == 0 ? limits : null, resilience, TimeProvider.System), $"m{index}", resilience)))],
        (model, failure) => moves.Add($"{model} {failure.Code}"));

    private Task<ChatResponse> AskAsync(int?[]? contexts = null, ModelLimits? limits = null) => Client(contexts, limits).GetResponseAsync([new ChatMessage(ChatRole.User, "hi")]);
}
