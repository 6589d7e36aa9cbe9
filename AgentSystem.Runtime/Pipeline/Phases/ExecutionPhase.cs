using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Budgets;
using AgentSystem.Runtime.Resilience;
using AgentSystem.Runtime.Routing;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Tools;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline.Phases;

/// <summary>Phase 4. Takes the slot and runs the agent loop under the agent's deadline; retry, breaker and measuring sit around each model call inside the loop.</summary>
/// <param name="instances">Where slots are.</param>
/// <param name="loop">What runs.</param>
/// <param name="time">What deadlines are counted by.</param>
/// <param name="guards">What guards runs; null: nothing.</param>
internal sealed class ExecutionPhase(InstanceTable instances, AgentLoop loop, TimeProvider time, RunGuards? guards = null) : IRunPhase
{
    private static readonly TimeSpan FullRetry = TimeSpan.FromSeconds(1);

    public string Name => "execution";

    public async ValueTask<RunFailure?> RunAsync(RunContext run, CancellationToken cancellation)
    {
        if (run.Answer is not null)
        {
            return null;
        }

        using var slot = await instances.TakeAsync(run.Instance!, cancellation).ConfigureAwait(false);
        if (slot is null)
        {
            return new RunFailure(503, "server_error", "overloaded", "All slots are taken and the queue is full; try again shortly.", RetryAfter: FullRetry);
        }

        var limit = TimeSpan.FromSeconds(run.Agent!.Limits.MaxSeconds);
        // What earlier executions of a durable run took counts; the time between them does not.
        var left = limit - (run.Call.Journal?.Held.Used ?? TimeSpan.Zero);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var guard = guards?.Begin(run);
            await AnswerAsync(run, guard, either.Token).ConfigureAwait(false);
            return guard is null ? null : await guards!.EndAsync(run, guard, cancellation).ConfigureAwait(false);
        }
        catch (ModelCallException e)
        {
            return RunFailure.OfModel(e.Failure);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new RunFailure(504, "server_error", "deadline_exceeded", $"The answer took longer than the agent's limit of {limit.TotalSeconds:0} seconds (limits.max_seconds).");
        }
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

    private async Task AnswerAsync(RunContext run, RunGuard? guard, CancellationToken cancellation)
    {
        var call = run.Call;
        var agentRun = new AgentRun(
            run.Agent!, run.Model!, run.Conversation, call.Options, new ToolScope(call.Caller.Tenant, run.User, run.Agent!.Name), call.Caller.MayUse, run.Report, run.Transcript.Add)
        {
            ConversationId = run.ThreadId,
            Charge = Charge(run),
            Journal = call.Journal,
            Guard = guard,
        };
        var gate = run.Agent.Quality == QualityMode.Gate;
        var pieces = new List<ChatResponseUpdate>();
        await foreach (var piece in loop.RunAsync(agentRun, cancellation).ConfigureAwait(false))
        {
            pieces.Add(piece);
            if (piece.Contents.Count > 0)
            {
                run.Report.Token();
            }

            if (run.Sink is null || piece.Contents.Count == 0)
            {
                continue;
            }

            if (gate)
            {
                run.Held.Add(piece);
            }
            else
            {
                await run.ShowAsync(piece, cancellation).ConfigureAwait(false);
            }
        }

        run.Answer = pieces.ToChatResponse();
    }
}
