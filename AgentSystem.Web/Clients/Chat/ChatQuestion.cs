using System.Text.Json.Serialization;

namespace AgentSystem.Web.Clients.Chat;

/// <summary>Body of <c>POST /v1/chat/completions</c> as the console sends it.</summary>
internal sealed record ChatQuestion(string Model, IReadOnlyList<ChatMessage> Messages, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? User)
{
    public bool Stream { get; } = true;

    public ChatStreamOptions StreamOptions { get; } = new(IncludeUsage: true);
}

internal sealed record ChatStreamOptions(bool IncludeUsage);

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
internal sealed record ChatMessage(string Role, string Content);

/// <summary>What <c>GET /v1/models</c> gives.</summary>
internal sealed record OpenAIModelList(IReadOnlyList<OpenAIModel> Data);

internal sealed record OpenAIModel(string Id);
