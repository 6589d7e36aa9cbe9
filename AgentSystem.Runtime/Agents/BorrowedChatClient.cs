using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Keeps a run's disposal from reaching the shared model client, which outlives every run.</summary>
internal sealed class BorrowedChatClient(IChatClient lender) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        lender.GetResponseAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        lender.GetStreamingResponseAsync(messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => lender.GetService(serviceType, serviceKey);

    public void Dispose()
    {
        // Borrowed: the owner disposes it.
    }
}
