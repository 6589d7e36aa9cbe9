using System.Runtime.CompilerServices;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>
/// The money of one attempt at a model: before it is sent the most it can cost is set aside, afterwards what it did cost is settled and counted in the run's report, so that both say the same.
/// Sits outside the model's limits and figures: a call a budget refuses is none of the model's.
/// </summary>
/// <param name="model">What is asked, with its prices.</param>
/// <param name="report">Where tokens and cost are counted.</param>
/// <param name="budgets">Null: costs are counted and nothing limits them.</param>
/// <param name="scope">On whose behalf; null: nobody's, as above.</param>
internal sealed class ChargedChatClient(IChatClient inner, ModelView model, RunReport report, BudgetKeeper? budgets, BudgetScope? scope) : DelegatingChatClient(inner)
{
    /// <summary>Output tokens of a call that sets no limit: without one nothing is bounded.</summary>
    public const int DefaultOutputTokens = 4_096;

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        if (options?.MaxOutputTokens is null)
        {
            options = options?.Clone() ?? new ChatOptions();
            options.MaxOutputTokens = DefaultOutputTokens;
        }

        var bound = TokenBound.Of(conversation, options, budgets?.MediaTokens ?? 0);
        var reservation = await ReserveAsync(bound, cancellationToken).ConfigureAwait(false);
        var tally = new CallTally(conversation);
        try
        {
            await using var updates = base.GetStreamingResponseAsync(conversation, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await tally.NextAsync(updates, model.Name).ConfigureAwait(false))
            {
                yield return updates.Current;
            }
        }
        finally
        {
            Settle(tally, bound, reservation);
        }
    }

    private async ValueTask<BudgetReservation?> ReserveAsync(TokenBound bound, CancellationToken cancellation)
    {
        if (budgets is null || scope is null)
        {
            return null;
        }

        var verdict = await budgets.ReserveAsync(scope, model, bound, cancellation).ConfigureAwait(false);
        return verdict.Refusal is { } refusal ? throw new ModelCallException(BudgetFailures.Of(refusal)) : verdict.Reservation;
    }

    private void Settle(CallTally tally, TokenBound bound, BudgetReservation? reservation)
    {
        if (tally.Unbilled)
        {
            report.Left(reservation is null ? null : budgets!.Release(reservation));
            return;
        }

        var (input, output, estimated) = tally.Tokens;
        var cost = tally.Cost(model, bound);
        report.Spent(input, output, cost);
        report.Left(reservation is null ? null : budgets!.Settle(reservation, input, output, cost, estimated));
    }
}
