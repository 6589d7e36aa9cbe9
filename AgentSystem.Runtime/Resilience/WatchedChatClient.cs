using System.Runtime.CompilerServices;
using AgentSystem.Contracts.Models;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Resilience;

/// <summary>One attempt at a model: its limits before the call, its figures after it. Sits inside retry and breaker, so that every attempt counts.</summary>
internal sealed class WatchedChatClient(IChatClient inner, string model, ModelLimits? limits, ModelResilience resilience, TimeProvider time) : DelegatingChatClient(inner)
{
    private readonly ModelGuard guard = resilience.For(model);

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (guard.Limiter.Enter(model, limits) is { } refused)
        {
            throw new ModelCallException(refused);
        }

        var call = new WatchedCall(guard, model, time);
        try
        {
            await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await call.NextAsync(updates, cancellationToken).ConfigureAwait(false))
            {
                yield return updates.Current;
            }
        }
        finally
        {
            call.End();
        }
    }

    private sealed class WatchedCall(ModelGuard guard, string model, TimeProvider time)
    {
        private TimeSpan waited;
        private TimeSpan? first;
        private long told;
        private long output;
        private long pieces;
        private bool answered;
        private string? failed;

        public async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellation)
        {
            var started = time.GetTimestamp();
            try
            {
                var any = await updates.MoveNextAsync().ConfigureAwait(false);
                waited += time.GetElapsedTime(started);
                answered = !any;
                if (any)
                {
                    Count(updates.Current);
                }

                return any;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                var failure = ModelFailures.Read(e, model);
                failed = failure?.Message ?? $"The client of model \"{model}\" failed unexpectedly ({e.GetType().Name}).";
                if (failure is { Stated: true, RetryAfter: { } pause })
                {
                    guard.Limiter.Rest(pause);
                }

                throw;
            }
        }

        public void End()
        {
            guard.Limiter.Leave(told > 0 ? told : pieces);
            if (failed is not null)
            {
                guard.Figures.Failed(failed);
            }
            else if (answered)
            {
                guard.Figures.Answered(new CallFigures(waited, first, output > 0 ? output : pieces));
            }
            else
            {
                guard.Figures.Abandoned();
            }
        }

        private void Count(ChatResponseUpdate update)
        {
            foreach (var content in update.Contents)
            {
                if (content is UsageContent { Details: var usage })
                {
                    told += (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0);
                    output += usage.OutputTokenCount ?? 0;
                }
                else
                {
                    pieces++;
                    first ??= waited;
                }
            }
        }
    }
}
