using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Resilience;

/// <summary>
/// Retry with a budget, under the model's breaker. An answer that has begun is never retried: the client has seen part of it,
/// and a second one would be paid twice.
/// </summary>
internal sealed class ResilientChatClient(IChatClient inner, string model, ModelResilience resilience) : DelegatingChatClient(inner)
{
    private readonly ModelGuard guard = resilience.For(model);

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        guard.Retries.Called();
        var (updates, any) = await BeginWithRetriesAsync(conversation, options, cancellationToken).ConfigureAwait(false);
        await using (updates)
        {
            while (any)
            {
                yield return updates.Current;
                any = await NextAsync(updates, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<(IAsyncEnumerator<ChatResponseUpdate> Updates, bool Any)> BeginWithRetriesAsync(
        IReadOnlyCollection<ChatMessage> conversation, ChatOptions? options, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                return await guard.Breaker.ExecuteAsync(token => BeginAsync(conversation, options, token, cancellation), cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && ModelFailures.Read(e, model) is { } failure)
            {
                if (!resilience.MayRetry(failure, attempt) || !guard.Retries.TryRetry())
                {
                    throw new ModelCallException(failure, e);
                }

                resilience.Retrying(model, failure);
                wait = resilience.Delay(attempt, failure);
            }

            await resilience.WaitAsync(wait, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<(IAsyncEnumerator<ChatResponseUpdate> Updates, bool Any)> BeginAsync(
        IReadOnlyCollection<ChatMessage> conversation, ChatOptions? options, CancellationToken breaker, CancellationToken cancellation)
    {
        breaker.ThrowIfCancellationRequested();
        var updates = base.GetStreamingResponseAsync(conversation, options, cancellation).GetAsyncEnumerator(cancellation);
        try
        {
            return (updates, await updates.MoveNextAsync().ConfigureAwait(false));
        }
        catch
        {
            await updates.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellation)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && ModelFailures.Read(e, model) is { } failure)
        {
            throw new ModelCallException(failure with { Retryable = false }, e);
        }
    }
}
