using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference;

/// <summary>
/// Ends a call that takes too long with <see cref="TimeoutException"/>. A whole answer has the limit as its total; a stream may run longer, but no
/// silence in it may: the time the reader takes between two pieces is not counted.
/// </summary>
internal sealed class TimeLimitedChatClient(IChatClient inner, string model, TimeSpan limit, TimeProvider time) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var expiry = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        try
        {
            return await base.GetResponseAsync(messages, options, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (expiry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(error);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var expiry = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        var updates = base.GetStreamingResponseAsync(messages, options, either.Token).GetAsyncEnumerator(either.Token);
        await using (updates.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    expiry.CancelAfter(limit);
                    if (!await updates.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }

                    expiry.CancelAfter(Timeout.InfiniteTimeSpan);
                }
                catch (OperationCanceledException error) when (expiry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    throw TooSlow(error);
                }

                yield return updates.Current;
            }
        }
    }

    private TimeoutException TooSlow(OperationCanceledException error) => new(
        $"The model '{model}' gave no answer within {limit.TotalSeconds} s; raise {InferenceOptions.Section}:{model}:TimeoutSeconds if it needs longer.", error);
}
