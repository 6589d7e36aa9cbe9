using AgentSystem.Runtime.Resilience;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentSystem.Tests.Runtime.Resilience;

public sealed class WatchedChatClientTests
{
    private readonly FakeTimeProvider time = new();
    private readonly ScriptedModel model = new();
    private readonly ModelResilience resilience;

    public WatchedChatClientTests() => resilience = new(Options.Create(new ResilienceOptions()), time, new JitterSource(1));

    [Fact]
    public void Health_OfAModelNobodyAsked_IsUnknown() => Assert.Null(resilience.Health("m"));

    [Fact]
    public async Task Health_AfterCalls_CountsThemAndTheirFailures()
    {
        model.Then(Turn.Says("a b c"), Turn.Fails(new HttpRequestException("the secret text")), Turn.Says("d"));
        await AskAsync();
        await Assert.ThrowsAsync<HttpRequestException>(AskAsync);
        var failed = resilience.Health("m")!;
        await AskAsync();
        var health = resilience.Health("m")!;

        Assert.Equal((2L, 1L, true, false), (failed.Calls, failed.Failures, failed.LastFailed, health.LastFailed));
        Assert.Equal((3L, 1L), (health.Calls, health.Failures));
        Assert.Equal(time.GetUtcNow(), health.LastErrorAt);
        Assert.DoesNotContain("secret", health.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_OfSlowAnswers_TakesTheMedianOfTheTimeTheModelTook()
    {
        foreach (var seconds in new[] { 1, 2, 9 })
        {
            await new WatchedChatClient(new SlowModel(time, TimeSpan.FromSeconds(seconds), pieces: 4), "m", null, resilience, time).GetResponseAsync([]);
        }

        var health = resilience.Health("m")!;
        Assert.Equal((8000.0, 2000.0), (health.P50Ms, health.FirstTokenP50Ms));
        // 3 answers of 4 tokens over 3, 6 and 27 seconds after the first piece.
        Assert.Equal(Math.Round(12 / 36.0, 1), health.TokensPerSecond);
    }

    [Fact]
    public async Task Call_TheProviderAskedForAPause_KeepsTheNextOneBack()
    {
        model.Then(Turn.Fails(new ModelCallException(new ModelFailure(503, "model_overloaded", "busy", true, TimeSpan.FromSeconds(20), Stated: true))));
        await Assert.ThrowsAsync<ModelCallException>(AskAsync);
        var refused = await Assert.ThrowsAsync<ModelCallException>(AskAsync);
        Assert.Equal(("model_rate_limited", TimeSpan.FromSeconds(20)), (refused.Failure.Code, refused.Failure.RetryAfter!.Value));
        Assert.Single(model.Asked);
    }

    private Task<ChatResponse> AskAsync() => new WatchedChatClient(model, "m", null, resilience, time).GetResponseAsync([new ChatMessage(ChatRole.User, "hi")]);

    private sealed class SlowModel(FakeTimeProvider time, TimeSpan each, int pieces) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            for (var piece = 0; piece < pieces; piece++)
            {
                time.Advance(each);
                yield return new ChatResponseUpdate(ChatRole.Assistant, "x");
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
