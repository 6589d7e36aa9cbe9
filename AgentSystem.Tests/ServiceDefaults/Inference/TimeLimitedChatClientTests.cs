using AgentSystem.ServiceDefaults.Inference;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentSystem.Tests.ServiceDefaults.Inference;

public sealed class TimeLimitedChatClientTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task GetResponse_SilentModel_EndsWithTheCure()
    {
        var time = new FakeTimeProvider();
        using var client = new TimeLimitedChatClient(new SilentAfter(0), "slow", Limit, time);
        var answer = client.GetResponseAsync("Hello!");
        time.Advance(Limit);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => answer);
        Assert.Contains("Models:slow:TimeoutSeconds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_LongerThanTheLimit_EndsOnlyWhenItFallsSilent()
    {
        var time = new FakeTimeProvider();
        using var client = new TimeLimitedChatClient(new SilentAfter(3), "slow", Limit, time);
        var stream = client.GetStreamingResponseAsync("Hello!").GetAsyncEnumerator();
        for (var piece = 0; piece < 3; piece++)
        {
            Assert.True(await stream.MoveNextAsync());
            time.Advance(Limit * 0.9);
        }

        var silence = stream.MoveNextAsync().AsTask();
        time.Advance(Limit);
        await Assert.ThrowsAsync<TimeoutException>(() => silence);
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task GetResponse_CallerHangsUp_IsACancellation()
    {
        using var hangUp = new CancellationTokenSource();
        using var client = new TimeLimitedChatClient(new SilentAfter(0), "slow", Limit, new FakeTimeProvider());
        var answer = client.GetResponseAsync("Hello!", cancellationToken: hangUp.Token);
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    private sealed class SilentAfter(int pieces) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new ChatResponse();
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (var piece = 0; piece < pieces; piece++)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, "word ");
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
