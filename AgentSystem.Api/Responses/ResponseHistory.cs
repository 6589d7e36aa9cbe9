using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Responses;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Responses;

/// <summary>What goes before a request's own items: its instructions, and the input and output of the responses it goes on from.</summary>
internal sealed class ResponseHistory(IResponseStore store, IAgentStore agents, IModelDirectory models, IOptions<ResponsesOptions> options)
{
    private const string Member = "previous_response_id";
    private const string BareModel = "model:";

    /// <summary>The whole conversation and whom it is for, or why it cannot be had.</summary>
    public async Task<(IReadOnlyList<ChatMessage> Messages, string? User, RunFailure? Failure)> BuildAsync(ResponseRequest request, Caller caller, CancellationToken cancellation)
    {
        List<ChatMessage> leading = request.Instructions is { Length: > 0 } instructions ? [new ChatMessage(ChatRole.System, instructions)] : [];
        if (request.PreviousId is not { } previous)
        {
            return ([.. leading, .. request.Messages], request.User, null);
        }

        var chain = await store.ChainAsync(ResponseAccess.Of(caller), previous, options.Value.MaxChain, cancellation);
        if (Refuse(chain, previous) is { } refused)
        {
            return ([], null, refused);
        }

        // A client that names no user goes on for the one it began with.
        var user = request.User ?? (caller.BoundUser is null ? Named(chain![^1].User) : null);
        if (RequestUser.Name(caller, user) != chain![^1].User)
        {
            return ([], null, NotFound(previous));
        }

        var turns = chain.Select(static response => (IReadOnlyList<ChatMessage>)[.. ItemParser.ReadKept(response.Input), .. ItemParser.ReadOutput(response.Output)]).ToList();
        if (request.Truncate && await RoomAsync(request, caller, leading, cancellation) is { } room)
        {
            turns = Newest(turns, request.Messages, room);
        }

        return ([.. leading, .. turns.SelectMany(static turn => turn), .. request.Messages], user, null);
    }

    private RunFailure? Refuse(IReadOnlyList<StoredResponse>? chain, string previous)
    {
        if (chain is null)
        {
            return NotFound(previous);
        }

        if (!chain[^1].IsEnded)
        {
            return new RunFailure(409, "invalid_request_error", "response_not_ended", $"Response \"{previous}\" is still being made; wait until it has ended.", Member, TimeSpan.FromSeconds(1));
        }

        if (chain[0].PreviousId is not { } before)
        {
            return null;
        }

        return chain.Count == options.Value.MaxChain
            ? RunFailure.Invalid("chain_too_long", $"More than {options.Value.MaxChain} responses follow on each other (Responses:MaxChain); begin a new one, or use a \"conversation\".", Member)
            : RunFailure.NotFound("previous_response_not_found", $"Response \"{before}\", from which the given one goes on, was deleted; send what matters of it as \"input\" and begin anew.", Member);
    }

    /// <summary>Tokens left for what was said before, by the threads' estimate; null where the model's context is not known.</summary>
    private async Task<long?> RoomAsync(ResponseRequest request, Caller caller, List<ChatMessage> leading, CancellationToken cancellation)
    {
        var bare = request.Model.StartsWith(BareModel, StringComparison.Ordinal);
        var agent = bare ? null : await agents.FindAsync(caller.Tenant, request.Model, cancellation);
        var name = bare ? request.Model[BareModel.Length..] : agent?.Model;
        if (name is null || !models.TryGet(name, out var model) || model.View.ContextTokens is not { } context)
        {
            return null;
        }

        var answer = Math.Min(Math.Min(request.Options.MaxOutputTokens ?? int.MaxValue, agent?.Limits.MaxOutputTokens ?? int.MaxValue), context / 2);
        return context - answer - ((agent?.Instructions.Length ?? 0) / HistoryWindow.CharactersPerToken) - HistoryWindow.Tokens([.. leading, .. request.Messages]);
    }

    /// <summary>As many of the newest as fit, never beginning with a result whose call was left out.</summary>
    private static List<IReadOnlyList<ChatMessage>> Newest(List<IReadOnlyList<ChatMessage>> turns, IReadOnlyList<ChatMessage> request, long room)
    {
        var first = turns.Count;
        for (var i = turns.Count - 1; i >= 0; i--)
        {
            room -= HistoryWindow.Tokens(turns[i]);
            if (room < 0 && !IsResult(i + 1 < turns.Count ? turns[i + 1] : request))
            {
                break;
            }

            first = i;
        }

        return turns[first..];
    }

    private static bool IsResult(IReadOnlyList<ChatMessage> turn) => turn.Count > 0 && turn[0].Role == ChatRole.Tool;

    private static string? Named(string user) => ThreadUser.Shown(user) is var shown && RequestUser.IsReserved(shown) ? null : shown;

    private static RunFailure NotFound(string id) => ResponseAccess.NotFound(id) with
    {
        Code = "previous_response_not_found",
        Message = $"There is no response \"{Http.JsonPlace.Shorten(id, Http.JsonPlace.MaxShown)}\" of this request's user that this key may go on from.",
        Param = Member,
    };
}
