using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentSystem.Contracts.Agents;
using AgentSystem.Contracts.Roles;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Remote;
using AgentSystem.Runtime.Pipeline.Phases;
using AgentSystem.Runtime.Routing;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline.Remote;

/// <summary>Executes chat calls that gateways hand over, in a slot of this process. The gateway has authorised, screened and admitted them; it records them, too.</summary>
internal sealed class ReasoningRole(AgentLoop loop, InstanceTable instances, IModelDirectory models, TimeProvider time, RunGuards? guards = null) : IReasoningService
{
    /// <summary>Pieces that may wait for a slow gateway; then the model waits.</summary>
    private const int Waiting = 64;

    private readonly LoopAnswering answering = new(loop, guards);

    public async IAsyncEnumerable<ExecutionPiece> ExecuteAsync(ExecutionRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (instances.Local.IsDraining || !models.TryGet(request.Model, out var model))
        {
            // Another process of the role may take it: nothing was begun.
            throw new RoleCallException(RoleNames.Reasoning, RoleFailure.Full, $"This process is draining, or lacks model \"{request.Model}\".");
        }

        using var slot = await instances.TakeAsync(instances.Local, cancellation).ConfigureAwait(false)
            ?? throw new RoleCallException(RoleNames.Reasoning, RoleFailure.Full, "All slots of this process are taken and its queue is full.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pieces = Channel.CreateBounded<ExecutionPiece>(new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });
        var work = ExecuteAsync(Run(request, model), pieces.Writer, stop.Token);
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return piece;
            }
        }
        finally
        {
            // A gateway that hung up: the execution ends before its slot is given back.
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
        }
    }

    private async Task ExecuteAsync(RunContext run, ChannelWriter<ExecutionPiece> pieces, CancellationToken cancellation)
    {
        try
        {
            var failure = await answering.AnswerAsync(
                run, piece => pieces.WriteAsync(new ExecutionPiece { Update = RoleJson.Write(piece) }, cancellation), cancellation, cancellation).ConfigureAwait(false);
            await pieces.WriteAsync(new ExecutionPiece { End = End(run, failure) }, cancellation).ConfigureAwait(false);
            pieces.Complete();
        }
        catch (Exception e)
        {
            // The reader throws it on.
            pieces.Complete(e);
        }
    }

    private ExecutionEnd End(RunContext run, RunFailure? failure) => new()
    {
        Figures = RoleJson.Write(run.Report.Read()),
        Transcript = RoleJson.Write(run.Transcript.ToChatResponse().Messages),
        Failure = failure is null ? null : RoleJson.Write(failure),
        Instance = instances.Local.Name,
    };

    private RunContext Run(ExecutionRequest request, ModelEntry model)
    {
        var received = time.GetTimestamp();
        var messages = RoleJson.Read<List<ChatMessage>>(request.Messages);
        var call = new ChatCall(
            request.RequestId, request.Endpoint, RoleJson.Read<Caller>(request.Caller), request.Target, messages, RoleJson.ReadOptions(request.Options, request.Tools), request.NamedUser, Streamed: true, received, request.ThreadId);
        var run = new RunContext(call, null, new RunReport(time, received))
        {
            Agent = RoleJson.Read<AgentDefinition>(request.Agent),
            Model = model,
            Conversation = messages,
            User = request.User,
            ThreadId = request.ThreadId,
            Instance = instances.Local,
            Doubted = request.Doubted,
        };
        run.Flagged.UnionWith(request.Flagged);
        return run;
    }
}
