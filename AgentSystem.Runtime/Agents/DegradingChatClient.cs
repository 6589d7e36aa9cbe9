using System.Runtime.CompilerServices;
using AgentSystem.Runtime.Resilience;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Where a budget has no room for the model that was asked for and says to go on cheaper: the cheapest model answers. When even that does not fit, the first refusal stands.</summary>
/// <param name="inner">The model that was asked for, with its fallbacks.</param>
/// <param name="cheaper">Models that cost less for this call, the cheapest first.</param>
/// <param name="degraded">Told of the refusal before a cheaper model is asked.</param>
/// <param name="movedOn">Told when a cheaper model fails and the next is asked.</param>
internal sealed class DegradingChatClient(
    IChatClient inner, Func<IReadOnlyCollection<ChatMessage>, ChatOptions?, IReadOnlyList<FallbackCandidate>> cheaper, Action<ModelFailure> degraded, Action<string, ModelFailure> movedOn) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var (updates, any) = await BeginAsync(conversation, options, cancellationToken).ConfigureAwait(false);
        await using (updates)
        {
            while (any)
            {
                yield return updates.Current;
                any = await updates.MoveNextAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<(IAsyncEnumerator<ChatResponseUpdate> Updates, bool Any)> BeginAsync(
        IReadOnlyCollection<ChatMessage> conversation, ChatOptions? options, CancellationToken cancellation)
    {
        try
        {
            return await FirstAsync(base.GetStreamingResponseAsync(conversation, options, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (ModelCallException refused) when (refused.Failure.Degrades && cheaper(conversation, options) is { Count: > 0 } candidates)
        {
            degraded(refused.Failure);
            try
            {
                var instead = new FallbackChatClient(candidates, movedOn);
                return await FirstAsync(instead.GetStreamingResponseAsync(conversation, options, cancellation), cancellation).ConfigureAwait(false);
            }
            catch (ModelCallException again) when (again.Failure.Code == ModelFailure.BudgetExceeded)
            {
                throw new ModelCallException(refused.Failure, again);
            }
        }
    }

    private static async Task<(IAsyncEnumerator<ChatResponseUpdate> Updates, bool Any)> FirstAsync(IAsyncEnumerable<ChatResponseUpdate> answer, CancellationToken cancellation)
    {
        var updates = answer.GetAsyncEnumerator(cancellation);
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
}
