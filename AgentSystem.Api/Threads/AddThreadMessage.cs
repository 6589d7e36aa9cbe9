using AgentSystem.Api.Http;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Threads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentSystem.Api.Threads;

/// <summary><c>POST /api/v1/threads/{id}/messages</c>: adds a message without running an agent.</summary>
internal static class AddThreadMessage
{
    private const string User = "user";

    public static async Task<Results<Created<MessageView>, FailureResult>> Handle(
        string id, AddMessage body, HttpContext http, IThreadStore threads, IOptions<ThreadOptions> options, CancellationToken cancellation)
    {
        if (body.Role is not (User or "assistant"))
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", "\"role\" must be user or assistant.", "role"));
        }

        var text = Canonical.Text(body.Text);
        if (string.IsNullOrWhiteSpace(text) || body.Text.Length > ThreadLimits.MaxText)
        {
            return new FailureResult(RunFailure.Invalid("invalid_value", $"\"text\" must have 1 to {ThreadLimits.MaxText} characters, at least one of them visible.", "text"));
        }

        var scope = ThreadAccess.Of(http.Caller());
        var thread = await threads.FindAsync(scope, id, cancellation);
        if (thread?.Messages >= options.Value.MaxMessages)
        {
            return new FailureResult(ThreadFailures.Full(id, options.Value.MaxMessages) with { Param = "id" });
        }

        var turn = new NewTurn([new NewMessage(body.Role, text, [])], null, null, body.Role == User ? ThreadLimits.TitleOf(text) : null);
        if (thread is null || await threads.AppendAsync(scope, id, turn, cancellation) is not { } number)
        {
            return new FailureResult(ThreadFailures.NotFound(id));
        }

        var added = await threads.MessagesAsync(scope, id, new MessageQuery(NewestFirst: false, number - 1, 1), cancellation);
        return added is [var message] ? TypedResults.Created($"/api/v1/threads/{id}/messages", message) : new FailureResult(ThreadFailures.NotFound(id));
    }
}
