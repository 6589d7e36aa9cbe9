using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Tools;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline.Phases;

/// <summary>Answers a run with the agent loop of this process, under the run's guard.</summary>
/// <param name="loop">What runs.</param>
/// <param name="guards">What guards runs; null: nothing.</param>
internal sealed class LoopAnswering(AgentLoop loop, RunGuards? guards = null)
{
    /// <summary>Gives every piece of the answer to <paramref name="take"/>; returns why there is none, or not all of one.</summary>
    /// <param name="run">The run.</param>
    /// <param name="take">Gets the pieces in their order.</param>
    /// <param name="cancellation">Ends the answer: the caller's wish, or the deadline.</param>
    /// <param name="afterwards">Ends what is done when the answer is there; the deadline no longer counts then.</param>
    public async ValueTask<RunFailure?> AnswerAsync(RunContext run, Func<ChatResponseUpdate, ValueTask> take, CancellationToken cancellation, CancellationToken afterwards)
    {
        var guard = guards?.Begin(run);
        var call = run.Call;
        var agentRun = new AgentRun(
            run.Agent!, run.Model!, run.Conversation, call.Options, new ToolScope(call.Caller.Tenant, run.User, run.Agent!.Name), call.Caller.MayUse, run.Report, run.Transcript.Add)
        {
            ConversationId = run.ThreadId,
            Charge = Charge(run),
            Journal = call.Journal,
            Guard = guard,
        };
        try
        {
            await foreach (var piece in loop.RunAsync(agentRun, cancellation).ConfigureAwait(false))
            {
                await take(piece).ConfigureAwait(false);
            }
        }
        catch (ModelCallException e)
        {
            return RunFailure.OfModel(e.Failure);
        }

        return guard is null ? null : await guards!.EndAsync(run, guard, afterwards).ConfigureAwait(false);
    }

    /// <summary>Who pays: the caller's key, team and tenant, the agent, and the <c>budget_usd</c> of a durable run and of the runs above it.</summary>
    private static BudgetScope Charge(RunContext run)
    {
        var (call, durable) = (run.Call, run.Call.Journal?.Held.Run);
        return new BudgetScope(call.Caller.Tenant, call.Caller.KeyId, call.Caller.Team, call.User, run.Agent!.Name, run.Agent.Version, call.RequestId)
        {
            RunId = durable?.Id,
            Runs = durable is null ? [] : [.. durable.LimitsAbove.Select(static cap => new RunLimit(cap.RunId, cap.Usd)), .. durable.BudgetUsd is { } most ? [new RunLimit(durable.Id, most)] : Array.Empty<RunLimit>()],
        };
    }
}
