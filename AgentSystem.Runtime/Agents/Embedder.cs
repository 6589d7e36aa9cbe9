using AgentSystem.Runtime.Resilience;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Asks an embedding model, with its limits, its breaker and the retry budget around the call. It has no fallback: vectors of two models cannot be compared.</summary>
public sealed class Embedder(ModelResilience resilience, TimeProvider time)
{
    private const int CharactersPerToken = 4;

    /// <summary>The vectors of some texts, in their order, and the tokens they took (about a quarter of the characters where the provider does not tell).</summary>
    /// <param name="dimensions">Numbers wanted in a vector; null for all. Only where <see cref="EmbedderEntry.Truncates"/>.</param>
    /// <param name="report">Where time, attempts and tokens are counted.</param>
    /// <exception cref="ModelCallException">The model could not be reached, refused, or has no room for a text.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(
        EmbedderEntry model, IReadOnlyList<string> texts, int? dimensions, RunReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(report);
        var (name, guard) = (model.View.Name, resilience.For(model.View.Name));
        guard.Retries.Called();
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                return await guard.Breaker.ExecuteAsync(token => AskAsync(guard, model, texts, dimensions, report, token), cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && ModelFailures.Read(e, name) is { } failure)
            {
                if (!resilience.MayRetry(failure, attempt) || !guard.Retries.TryRetry())
                {
                    throw new ModelCallException(failure, e);
                }

                resilience.Retrying(name, failure);
                wait = resilience.Delay(attempt, failure);
            }

            await resilience.WaitAsync(wait, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> AskAsync(
        ModelGuard guard, EmbedderEntry model, IReadOnlyList<string> texts, int? dimensions, RunReport report, CancellationToken cancellation)
    {
        if (guard.Limiter.Enter(model.View.Name, model.View.Limits) is { } refused)
        {
            throw new ModelCallException(refused);
        }

        var (started, tokens) = (time.GetTimestamp(), 0L);
        report.ModelCalled();
        try
        {
            var options = dimensions is null ? null : new EmbeddingGenerationOptions { Dimensions = dimensions };
            var made = await model.Generator.GenerateAsync(texts, options, cancellation).ConfigureAwait(false);
            if (made.Count != texts.Count)
            {
                throw new HttpRequestException($"{made.Count} vectors came for {texts.Count} texts.");
            }

            tokens = made.Usage?.InputTokenCount ?? texts.Sum(static text => (text.Length + CharactersPerToken - 1L) / CharactersPerToken);
            report.Answering(model.View.Name);
            report.Spent(tokens, 0, model.View);
            guard.Figures.Answered(new CallFigures(time.GetElapsedTime(started), null, 0));
            return [.. made.Select(static each => each.Vector)];
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            guard.Figures.Abandoned();
            throw;
        }
        catch (Exception e)
        {
            var failure = ModelFailures.Read(e, model.View.Name);
            guard.Figures.Failed(failure?.Message ?? $"The client of model \"{model.View.Name}\" failed unexpectedly ({e.GetType().Name}).");
            if (failure is { Stated: true, RetryAfter: { } pause })
            {
                guard.Limiter.Rest(pause);
            }

            throw;
        }
        finally
        {
            report.ModelTook(time.GetElapsedTime(started));
            guard.Limiter.Leave(tokens);
        }
    }
}
