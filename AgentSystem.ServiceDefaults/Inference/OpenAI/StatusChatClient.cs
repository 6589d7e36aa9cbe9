using System.ClientModel;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.OpenAI;

/// <summary>Says the vendor client's failures as <see cref="HttpRequestException"/> with the status, so that nobody further up needs to know the vendor.</summary>
internal sealed class StatusChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (ClientResultException e)
        {
            throw Translate(e);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates).ConfigureAwait(false))
        {
            yield return updates.Current;
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (ClientResultException e)
        {
            throw Translate(e);
        }
    }

    /// <summary>Status 0 means that no answer came at all.</summary>
    private static HttpRequestException Translate(ClientResultException e) =>
        new(e.Message, e, e.Status == 0 ? null : (HttpStatusCode)e.Status);
}
