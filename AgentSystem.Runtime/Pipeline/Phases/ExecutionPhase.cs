using AgentSystem.Contracts.Agents;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Mesh;
using AgentSystem.Runtime.Pipeline.Remote;
using AgentSystem.Runtime.Routing;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline.Phases;

/// <summary>
/// Phase 5. Takes the slot and runs the agent loop under the agent's deadline; retry, breaker and measuring sit around each model call inside the loop. Where the role <c>reasoning</c> is elsewhere, a
/// chat call is handed over to it, and takes its slot there.
/// </summary>
/// <param name="instances">Where slots are.</param>
/// <param name="loop">What runs.</param>
/// <param name="time">What deadlines are counted by.</param>
/// <param name="guards">What guards runs; null: nothing.</param>
/// <param name="elsewhere">Who executes chat calls instead; null: this process.</param>
internal sealed class ExecutionPhase(InstanceTable instances, AgentLoop loop, TimeProvider time, RunGuards? guards = null, HandedOver? elsewhere = null) : IRunPhase
{
    private static readonly TimeSpan FullRetry = TimeSpan.FromSeconds(1);

    private readonly LoopAnswering here = new(loop, guards);

    public string Name => "execution";

    public async ValueTask<RunFailure?> RunAsync(RunContext run, CancellationToken cancellation)
    {
        if (run.Answer is not null)
        {
            return null;
        }

        // A durable run is executed where it was claimed.
        var handed = run.Call.Journal is null ? elsewhere : null;
        using var slot = handed is null ? await instances.TakeAsync(run.Instance!, cancellation).ConfigureAwait(false) : null;
        if (handed is null && slot is null)
        {
            return new RunFailure(503, "server_error", "overloaded", "All slots are taken and the queue is full; try again shortly.", RetryAfter: FullRetry);
        }

        var limit = TimeSpan.FromSeconds(run.Agent!.Limits.MaxSeconds);
        // What earlier executions of a durable run took counts; the time between them does not.
        var left = limit - (run.Call.Journal?.Held.Used ?? TimeSpan.Zero);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        // Calls of roles on the way are made for this caller, and until then.
        using var scope = MeshScope.Begin(new MeshScope(run.Call.Caller.Tenant, run.Call.Caller.KeyId, run.User, run.Call.Caller.Scopes, time.GetUtcNow() + left));
        try
        {
            return await AnswerAsync(run, handed, either.Token, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new RunFailure(504, "server_error", "deadline_exceeded", $"The answer took longer than the agent's limit of {limit.TotalSeconds:0} seconds (limits.max_seconds).");
        }
    }

    private async ValueTask<RunFailure?> AnswerAsync(RunContext run, HandedOver? handed, CancellationToken cancellation, CancellationToken afterwards)
    {
        var gate = run.Agent!.Quality == QualityMode.Gate;
        var pieces = new List<ChatResponseUpdate>();
        var failure = handed is null
            ? await here.AnswerAsync(run, TakeAsync, cancellation, afterwards).ConfigureAwait(false)
            : await handed.AnswerAsync(run, TakeAsync, cancellation).ConfigureAwait(false);
        if (failure is null)
        {
            run.Answer = pieces.ToChatResponse();
        }

        return failure;

        async ValueTask TakeAsync(ChatResponseUpdate piece)
        {
            pieces.Add(piece);
            if (piece.Contents.Count > 0)
            {
                run.Report.Token();
            }

            if (run.Sink is null || piece.Contents.Count == 0)
            {
                return;
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
    }
}
