using AgentSystem.Contracts.Security;

namespace AgentSystem.Api.Chat;

/// <summary>Routes of the chat surface.</summary>
internal static class ChatEndpoints
{
    /// <summary>Maps <c>/v1/chat/completions</c>.</summary>
    public static void MapChat(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/chat/completions", CompleteChat.Handle)
            .WithTags("OpenAI")
            .WithName("CreateChatCompletion")
            .WithSummary("Answer a conversation")
            .WithDescription("Whole, or as a stream of server-sent events. `model` names an agent, or `model:<name>` a bare model. `metadata.thread_id` makes the call a turn of a thread, whose messages then precede the request's; `new` begins one, whose id comes back in `x-agentsystem-thread`; it is there once the answer has ended well. A key with `threads:write` that names no `user` goes on with any thread of the tenant, for the thread's own user.")
            .Accepts<ChatCompletionBody>("application/json")
            .Produces(StatusCodes.Status200OK, contentType: "application/json")
            .RequireAuthorization(Scopes.Chat);
}

/// <summary>The body as OpenAPI shows it; the parser reads it leniently, so unknown members are ignored.</summary>
internal sealed record ChatCompletionBody(
    string Model, IReadOnlyList<ChatCompletionMessage> Messages, bool? Stream, string? User, double? Temperature, double? TopP, int? MaxCompletionTokens, long? Seed, IReadOnlyDictionary<string, string>? Metadata);

/// <summary>A message as OpenAPI shows it.</summary>
internal sealed record ChatCompletionMessage(string Role, string Content);
