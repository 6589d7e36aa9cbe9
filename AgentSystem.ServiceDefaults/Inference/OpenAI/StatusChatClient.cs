using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.OpenAI;

/// <summary>Reports the endpoint's failures in our words, and a stream that simply ends as the broken stream it is.</summary>
internal sealed class StatusChatClient(IChatClient inner, ProviderErrors errors) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ProviderErrors.IsExpected(e))
        {
            throw await errors.ReadAsync(e, cancellationToken).ConfigureAwait(false);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var finished = false;
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates, cancellationToken).ConfigureAwait(false))
        {
            finished |= updates.Current.FinishReason is not null;
            yield return updates.Current;
        }

        // Every whole answer says why it ended; without that, half an answer would pass for a whole one.
        if (!finished)
        {
            throw new HttpRequestException("The endpoint ended its answer before it was whole.");
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellation)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (ProviderErrors.IsExpected(e))
        {
            throw await errors.ReadAsync(e, cancellation).ConfigureAwait(false);
        }
    }
}
