using System.Runtime.CompilerServices;
using AgentSystem.Runtime.Resilience;
using AgentSystem.ServiceDefaults.Inference;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Models;

/// <summary>Says an engine's own exceptions in the runtime's words: this is the one place that knows both.</summary>
internal sealed class TranslatedChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates))
        {
            yield return updates.Current;
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (ModelInputTooLongException e)
        {
            throw new ModelCallException(new ModelFailure(400, "context_length_exceeded", e.Message, Retryable: false), e);
        }
        catch (ModelBusyException e)
        {
            throw new ModelCallException(new ModelFailure(503, "model_overloaded", e.Message, Retryable: true, TimeSpan.FromSeconds(1)), e);
        }
    }
}
