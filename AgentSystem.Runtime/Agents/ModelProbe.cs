using System.Text;
using AgentSystem.Contracts.Models;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Agents;

/// <summary>Asks a bare model one question and measures it: once, past its breaker, without fallbacks, so that the answer is about this model.</summary>
/// <param name="budgets">What limits it; null: nothing.</param>
public sealed class ModelProbe(ModelResilience resilience, TimeProvider time, BudgetKeeper? budgets = null)
{
    /// <summary>One question, charged to the budgets of <paramref name="charge"/>. A failure of the model is part of the result, and so is a budget without room.</summary>
    public async Task<ModelTrial> TryAsync(ModelEntry model, TryModel question, BudgetScope charge, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(question);
        var report = new RunReport(time, time.GetTimestamp());
        var measured = new MeasuredChatClient(new BorrowedChatClient(model.Client), model.View.Name, report, time);
        var watched = new WatchedChatClient(measured, model.View.Name, model.View.Limits, resilience, time);
        using var client = new ChargedChatClient(watched, model.View, report, budgets, charge);
        var (text, error) = (new StringBuilder(), (string?)null);
        try
        {
            var options = new ChatOptions { MaxOutputTokens = question.MaxOutputTokens };
            await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, question.Prompt)], options, cancellation).ConfigureAwait(false))
            {
                if (update.Text.Length > 0)
                {
                    report.Token();
                    text.Append(update.Text);
                }
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && ModelFailures.Read(e, model.View.Name) is { } failure)
        {
            error = failure.Message;
        }

        var (elapsed, first) = (report.Elapsed, report.FirstToken);
        var speed = first is { } began && elapsed > began && report.OutputTokens > 1 ? Math.Round(report.OutputTokens / (elapsed - began).TotalSeconds, 1) : (double?)null;
        return new ModelTrial(
            model.View.Name, error is null, text.ToString(), error, Milliseconds(elapsed), first is { } token ? Milliseconds(token) : null,
            report.InputTokens, report.OutputTokens, speed, report.CostUsd);
    }

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
