using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Asks an embedding model, with its limits, its breaker and the retry budget around the call. It has no fallback: vectors of two models cannot be compared.</summary>
/// <param name="budgets">What limits the spending of a call that has a charge; null: nothing.</param>
public sealed class Embedder(ModelResilience resilience, TimeProvider time, BudgetKeeper? budgets = null)
{
    private const int CharactersPerToken = 4;

    /// <summary>The vectors of some texts, in their order, and the tokens they took (about a quarter of the characters where the provider does not tell).</summary>
    /// <param name="dimensions">Numbers wanted in a vector; null for all. Only where <see cref="EmbedderEntry.Truncates"/>.</param>
    /// <param name="report">Where time, attempts and tokens are counted.</param>
    /// <param name="charge">Whose budgets are charged; null: nobody's.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ModelCallException">The model could not be reached, refused, or has no room for a text; or a budget has none.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(
        EmbedderEntry model, IReadOnlyList<string> texts, int? dimensions, RunReport report, BudgetScope? charge, CancellationToken cancellation)
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
                return await guard.Breaker.ExecuteAsync(token => ChargeAsync(guard, model, texts, dimensions, report, charge, token), cancellation).ConfigureAwait(false);
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

    /// <summary>Sets aside what one attempt can cost, and settles what it did.</summary>
    private async ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> ChargeAsync(
        ModelGuard guard, EmbedderEntry model, IReadOnlyList<string> texts, int? dimensions, RunReport report, BudgetScope? charge, CancellationToken cancellation)
    {
        var bound = TokenBound.Of(texts);
        var verdict = budgets is null || charge is null ? null : await budgets.ReserveAsync(charge, model.View, bound, cancellation).ConfigureAwait(false);
        if (verdict?.Refusal is { } refusal)
        {
            throw new ModelCallException(BudgetFailures.Of(refusal));
        }

        var (vectors, told, failure) = ((IReadOnlyList<ReadOnlyMemory<float>>?)null, (long?)null, (ModelFailure?)null);
        try
        {
            (vectors, told) = await AskAsync(guard, model, texts, dimensions, report, cancellation).ConfigureAwait(false);
            return vectors;
        }
        catch (Exception e)
        {
            failure = ModelFailures.Read(e, model.View.Name);
            throw;
        }
        finally
        {
            Settle(model, texts, bound, told, vectors is null && failure is { Unbilled: true }, verdict?.Reservation, report);
        }
    }

    /// <summary>What the provider does not tell is charged at its bound.</summary>
    private void Settle(EmbedderEntry model, IReadOnlyList<string> texts, TokenBound bound, long? told, bool unbilled, BudgetReservation? reservation, RunReport report)
    {
        if (unbilled)
        {
            report.Left(reservation is null ? null : budgets!.Release(reservation));
            return;
        }

        var (tokens, cost) = (told ?? Estimate(texts), ModelPrice.Cost(model.View, told ?? bound.Input, 0));
        report.Spent(tokens, 0, cost);
        report.Left(reservation is null ? null : budgets!.Settle(reservation, tokens, 0, cost, told is null));
    }

    private static long Estimate(IReadOnlyList<string> texts) => texts.Sum(static text => (text.Length + CharactersPerToken - 1L) / CharactersPerToken);

    private async ValueTask<(IReadOnlyList<ReadOnlyMemory<float>> Vectors, long? Told)> AskAsync(
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

            var told = made.Usage?.InputTokenCount is > 0 and var count ? count : (long?)null;
            tokens = told ?? Estimate(texts);
            report.Answering(model.View.Name);
            guard.Figures.Answered(new CallFigures(time.GetElapsedTime(started), null, 0));
            return ([.. made.Select(static each => each.Vector)], told);
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
