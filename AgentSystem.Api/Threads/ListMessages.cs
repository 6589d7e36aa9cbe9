using System.Globalization;
using AgentSystem.Api.Http;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Threads;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Threads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentSystem.Api.Threads;

/// <summary><c>GET /api/v1/threads/{id}/messages</c>: oldest first, or newest first with <c>?order=desc</c>.</summary>
internal static class ListMessages
{
    public static async Task<Results<Ok<ListPage<MessageView>>, FailureResult>> Handle(
        string id, string? order, HttpContext http, IThreadStore threads, CancellationToken cancellation, string? limit = null, string? cursor = null)
    {
        var (page, failure) = PageRequest.Read(http);
        if (order is not (null or "asc" or "desc"))
        {
            failure ??= RunFailure.Invalid("invalid_value", "\"order\" must be asc or desc.", "order");
        }

        var after = 0;
        if (page?.After is { } key && !int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            failure ??= RunFailure.Invalid("invalid_cursor", "\"cursor\" is not one of this list; pass its \"next_cursor\" as it is, or leave it out to begin at the start.", "cursor");
        }

        if (failure is not null)
        {
            return new FailureResult(failure);
        }

        var query = new MessageQuery(order == "desc", page!.After is null ? null : after, page.Limit + 1);
        return await threads.MessagesAsync(ThreadAccess.Of(http.Caller()), id, query, cancellation) is { } messages
            ? TypedResults.Ok(page.Page(messages, static message => message.Index.ToString(CultureInfo.InvariantCulture)))
            : new FailureResult(ThreadFailures.NotFound(id));
    }
}
