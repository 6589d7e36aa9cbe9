using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace AgentSystem.Api.Responses;

/// <summary>A request for a response, understood.</summary>
/// <param name="Model">An agent's name, or <c>model:&lt;name&gt;</c>.</param>
/// <param name="Instructions">Go before everything else, for this response only.</param>
/// <param name="Input">The new items, each with an id: what is kept.</param>
/// <param name="Messages">The same as models read it.</param>
/// <param name="Options">Parameters and the client's tools.</param>
/// <param name="User">The end user, if named.</param>
/// <param name="Stream">True for server-sent events.</param>
/// <param name="Background">True when it goes on without its client.</param>
/// <param name="Store">False when nothing of it is kept.</param>
/// <param name="PreviousId">The response to go on from.</param>
/// <param name="Conversation">The thread it is a turn of.</param>
/// <param name="Truncate">True when the oldest responses of a chain may be left out where the context ends.</param>
/// <param name="Echo">What the response repeats of its request.</param>
internal sealed record ResponseRequest(
    string Model,
    string? Instructions,
    JsonArray Input,
    IReadOnlyList<ChatMessage> Messages,
    ChatOptions Options,
    string? User,
    bool Stream,
    bool Background,
    bool Store,
    string? PreviousId,
    string? Conversation,
    bool Truncate,
    JsonObject Echo);
