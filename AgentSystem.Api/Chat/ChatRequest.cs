using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Chat;

/// <summary>A chat completion request, understood.</summary>
/// <param name="Model">An agent's name, or <c>model:&lt;name&gt;</c>.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">Parameters and the client's tools.</param>
/// <param name="User">The end user, if named.</param>
/// <param name="Stream">True for server-sent events.</param>
/// <param name="IncludeUsage">True when the stream shall end with a usage chunk.</param>
/// <param name="Thread"><c>metadata.thread_id</c>: the thread this call belongs to, or <c>new</c>.</param>
internal sealed record ChatRequest(string Model, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, string? User, bool Stream, bool IncludeUsage, string? Thread);
