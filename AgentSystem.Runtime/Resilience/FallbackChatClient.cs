using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Resilience;

/// <summary>
/// Asks the next model when one cannot answer: out of reach, too slow, overloaded, at its limit, or resting behind its breaker. A request that is wrong in itself stays where it is; one too long
/// for a model goes only to models with a longer context. Once the first piece has come, the answer stays with the model that began it.
/// </summary>
/// <param name="candidates">The model that was asked for, then its fallbacks in order; at least one.</param>
/// <param name="movedOn">Told the name of the model that failed, and how, before the next one is asked.</param>
internal sealed class FallbackChatClient(IReadOnlyList<FallbackCandidate> candidates, Action<string, ModelFailure> movedOn) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
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

    public object? GetService(Type serviceType, object? serviceKey = null) => candidates[0].Client.GetService(serviceType, serviceKey);

    public void Dispose()
    {
        foreach (var candidate in candidates)
        {
            candidate.Client.Dispose();
        }
    }

    private async Task<(IAsyncEnumerator<ChatResponseUpdate> Updates, bool Any)> BeginAsync(
        IReadOnlyCollection<ChatMessage> conversation, ChatOptions? options, CancellationToken cancellation)
    {
        var failed = new List<(string Model, ModelCallException Error)>();
        var tooShort = 0;
        var current = candidates[0];
        while (true)
        {
            var updates = current.Client.GetStreamingResponseAsync(conversation, options, cancellation).GetAsyncEnumerator(cancellation);
            try
            {
                return (updates, await updates.MoveNextAsync().ConfigureAwait(false));
            }
            catch (ModelCallException e) when (!cancellation.IsCancellationRequested)
            {
                await updates.DisposeAsync().ConfigureAwait(false);
                failed.Add((current.Name, e));
                tooShort = e.Failure.Code == ModelFailures.ContextLength ? Math.Max(tooShort, current.ContextTokens ?? int.MaxValue) : tooShort;
                if (Next(current, e.Failure, tooShort, conversation) is not { } next)
                {
                    throw failed.Count == 1 ? e : Everything(failed);
                }

                movedOn(current.Name, e.Failure);
                current = next;
            }
            catch
            {
                await updates.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private FallbackCandidate? Next(FallbackCandidate current, ModelFailure failure, int tooShort, IReadOnlyCollection<ChatMessage> conversation)
    {
        if (!ModelFailures.AnotherMayHelp(failure))
        {
            return null;
        }

        var media = conversation.Any(static message => message.Contents.Any(static content => content is DataContent or UriContent));
        return candidates
            .SkipWhile(candidate => !ReferenceEquals(candidate, current)).Skip(1)
            .FirstOrDefault(candidate => (tooShort == 0 || candidate.ContextTokens > tooShort) && !(media && candidate.TextOnly));
    }

    /// <summary>What the model that was asked for said comes first: the client chose that one. It may come back as soon as any of them may.</summary>
    private static ModelCallException Everything(List<(string Model, ModelCallException Error)> failed)
    {
        var (first, others) = (failed[0].Error, failed.Skip(1).Select(static each => $"{each.Model} ({each.Error.Failure.Code})"));
        var waits = failed.Select(static each => each.Error.Failure.RetryAfter).OfType<TimeSpan>().ToList();
        return new ModelCallException(
            first.Failure with
            {
                Message = $"{first.Failure.Message} Its fallbacks failed too: {string.Join(", ", others)}.",
                RetryAfter = waits.Count == 0 ? null : waits.Min(),
            },
            first);
    }
}

/// <summary>A model that may be asked.</summary>
/// <param name="Name">Its configured name.</param>
/// <param name="ContextTokens">Longest input plus output in tokens; null when unknown.</param>
/// <param name="TextOnly">It cannot see images or hear audio.</param>
/// <param name="Client">How to ask it.</param>
internal sealed record FallbackCandidate(string Name, int? ContextTokens, bool TextOnly, IChatClient Client);
