using AgentSystem.Api.Http;
using AgentSystem.Contracts.Security;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Threads;

/// <summary><c>POST /api/v1/threads</c>.</summary>
internal static class StartThread
{
    private const string BareModel = "model:";

    public static async Task<Results<Created<ThreadView>, FailureResult>> Handle(
        CreateThread body, HttpContext http, IThreadStore threads, IAgentStore agents, IModelDirectory models, IOptions<SecurityOptions> security, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var refused = ThreadAccess.RefuseNew(caller, body.User, security.Value.MaxUserLength)
            ?? ChangeThread.Refuse(body.Title, body.Metadata)
            ?? await RefuseAgentAsync(body.Agent, caller, agents, models, cancellation);
        if (refused is not null)
        {
            return new FailureResult(refused);
        }

        var made = await threads.AddAsync(
            new NewThread(caller.Tenant, RequestUser.Name(caller, body.User), body.Agent, body.Title?.Trim(), body.Metadata ?? new Dictionary<string, string>()), cancellation);
        return TypedResults.Created("/api/v1/threads/" + made.Id, made);
    }

    private static async Task<RunFailure?> RefuseAgentAsync(string? agent, Caller caller, IAgentStore agents, IModelDirectory models, CancellationToken cancellation)
    {
        if (agent is null)
        {
            return null;
        }

        var known = caller.MayCall(agent) && !agent.Contains('\0', StringComparison.Ordinal)
            && (agent.StartsWith(BareModel, StringComparison.Ordinal) ? models.TryGet(agent[BareModel.Length..], out _) : await agents.FindAsync(caller.Tenant, agent, cancellation) is not null);
        return known ? null : RunFailure.Invalid("agent_not_found", $"There is no agent \"{agent}\" that this key may call; GET /v1/models lists those it may. Leave \"agent\" out for a thread with any.", "agent");
    }
}
