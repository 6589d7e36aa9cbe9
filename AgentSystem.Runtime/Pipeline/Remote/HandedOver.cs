using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Agents.Remote;
using Microsoft.Extensions.AI;

namespace AgentSystem.Runtime.Pipeline.Remote;

/// <summary>Has a chat call executed by a process of the role <c>reasoning</c>. What it answers, counts and produces comes back; everything around the execution stays here.</summary>
internal sealed class HandedOver(IReasoningService service)
{
    /// <summary>Gives every piece of the answer to <paramref name="take"/>; returns why there is none, or not all of one.</summary>
    public async ValueTask<RunFailure?> AnswerAsync(RunContext run, Func<ChatResponseUpdate, ValueTask> take, CancellationToken cancellation)
    {
        try
        {
            await foreach (var piece in service.ExecuteAsync(Request(run), cancellation).ConfigureAwait(false))
            {
                if (piece.End is { } end)
                {
                    return Close(run, end);
                }

                await take(RoleJson.ReadUpdate(piece.Update!)).ConfigureAwait(false);
            }
        }
        catch (RoleCallException e) when (!cancellation.IsCancellationRequested)
        {
            return RunFailure.OfRole(e);
        }

        return RunFailure.OfRole(new RoleCallException(RoleNames.Reasoning, RoleFailure.Broken, "The role reasoning ended its answer without an end; what it had begun may have been done."));
    }

    private static ExecutionRequest Request(RunContext run)
    {
        var call = run.Call;
        return new ExecutionRequest
        {
            Tenant = call.Caller.Tenant,
            RequestId = call.RequestId,
            Endpoint = call.Endpoint,
            Caller = RoleJson.Write(call.Caller),
            Agent = RoleJson.Write(run.Agent),
            Model = run.Model!.View.Name,
            Messages = RoleJson.Write<List<ChatMessage>>([.. run.Conversation]),
            Options = RoleJson.Write(call.Options),
            Tools = OfferedTools.Write(call.Options.Tools),
            User = run.User,
            NamedUser = call.User,
            ThreadId = run.ThreadId,
            Flagged = [.. run.Flagged],
            Doubted = run.Doubted,
            Target = call.Target,
        };
    }

    private static RunFailure? Close(RunContext run, ExecutionEnd end)
    {
        run.Report.Take(RoleJson.Read<RunFigures>(end.Figures));
        foreach (var message in RoleJson.Read<List<ChatMessage>>(end.Transcript))
        {
            run.Transcript.Add(new ChatResponseUpdate(message.Role, message.Contents));
        }

        return end.Failure is { } failure ? RoleJson.Read<RunFailure>(failure) : null;
    }
}
