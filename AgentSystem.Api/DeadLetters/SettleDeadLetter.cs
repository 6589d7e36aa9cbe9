using AgentSystem.Api.Http;
using AgentSystem.Api.Runs;
using AgentSystem.Api.Webhooks;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.DeadLetters;

/// <summary><c>POST /api/v1/dead-letters/{id}/retry</c> and <c>DELETE /api/v1/dead-letters/{id}</c>.</summary>
internal static class SettleDeadLetter
{
    public static async Task<Results<Accepted, FailureResult>> Retry(string id, HttpContext http, IRunStore runs, IWebhookOutbox outbox, TimeProvider time, CancellationToken cancellation)
    {
        var (caller, subject) = (http.Caller(), DeadLetterIds.Subject(id));
        var found = DeadLetterIds.IsMessage(id)
            ? await outbox.RetryAsync(ReadWebhooks.Scope(caller), subject, time.GetUtcNow(), cancellation)
            : await runs.RetryAsync(RunAccess.Of(caller), subject, cancellation) is not null;
        return found ? TypedResults.Accepted((string?)null) : new FailureResult(NotFound(id));
    }

    public static async Task<Results<NoContent, FailureResult>> Discard(string id, HttpContext http, IRunStore runs, IWebhookOutbox outbox, CancellationToken cancellation)
    {
        var (caller, subject) = (http.Caller(), DeadLetterIds.Subject(id));
        var found = DeadLetterIds.IsMessage(id)
            ? await outbox.DiscardAsync(ReadWebhooks.Scope(caller), subject, cancellation)
            : await runs.DiscardAsync(RunAccess.Of(caller), subject, cancellation);
        return found ? TypedResults.NoContent() : new FailureResult(NotFound(id));
    }

    private static RunFailure NotFound(string id) => RunFailure.NotFound("dead_letter_not_found", $"There is no dead letter \"{id}\"; it may have been retried or discarded meanwhile.", "id");
}
