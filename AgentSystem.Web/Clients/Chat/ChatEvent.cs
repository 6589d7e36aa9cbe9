using AgentSystem.Contracts.Usage;

namespace AgentSystem.Web.Clients.Chat;

/// <summary>What happens while an answer comes in.</summary>
internal abstract record ChatEvent;

/// <summary>The API has taken the question; nothing of the answer has come yet.</summary>
/// <param name="ThreadId">The thread it was added to; null when it belongs to none.</param>
internal sealed record ChatBegun(string? ThreadId) : ChatEvent;

/// <summary>More text.</summary>
internal sealed record ChatText(string Text) : ChatEvent;

/// <summary>The answer is whole.</summary>
/// <param name="Receipt">Where its time and money went; null when the API sent none.</param>
/// <param name="Usage">Tokens; null when the API sent none.</param>
/// <param name="StopReason"><c>stop</c>, <c>length</c>, ...</param>
internal sealed record ChatFinished(ChatReceipt? Receipt, ChatUsage? Usage, string? StopReason) : ChatEvent;

/// <summary>There will be no (more) answer.</summary>
internal sealed record ChatFailed(ApiFailure Failure) : ChatEvent;

/// <summary>The <c>agentsystem</c> member of a stream's last chunk.</summary>
/// <param name="ThreadId">The thread question and answer were added to.</param>
public sealed record ChatReceipt(
    string? RequestId,
    string? Agent = null,
    string? Instance = null,
    string? Model = null,
    string? Cache = null,
    decimal CostUsd = 0,
    int Attempts = 1,
    double? OverheadMs = null,
    double? Confidence = null,
    string? Quality = null,
    IReadOnlyList<ToolUse>? Tools = null,
    double? DurationMs = null,
    double? FirstTokenMs = null,
    string? ThreadId = null);

/// <summary>The <c>usage</c> member of a stream's last chunk.</summary>
public sealed record ChatUsage(int PromptTokens, int CompletionTokens);
