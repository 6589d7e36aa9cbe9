using System.Text.Json.Serialization;

namespace AgentSystem.Web.Clients.Chat;

/// <summary>Body of <c>POST /v1/chat/completions</c> as the console sends it.</summary>
/// <param name="Messages">With a thread: what is new; the thread knows the rest.</param>
internal sealed record ChatQuestion(
    string Model,
    IReadOnlyList<ChatMessage> Messages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? User,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ChatMetadata? Metadata = null)
{
    public bool Stream { get; } = true;

    public ChatStreamOptions StreamOptions { get; } = new(IncludeUsage: true);
}

internal sealed record ChatStreamOptions(bool IncludeUsage);

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
internal sealed record ChatMessage(string Role, string Content);

/// <summary>The <c>metadata</c> of a question.</summary>
/// <param name="ThreadId">The thread it belongs to; <see cref="NewThread"/> begins one.</param>
internal sealed record ChatMetadata(string ThreadId)
{
    public const string NewThread = "new";
}
