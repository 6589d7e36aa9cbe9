namespace AgentSystem.Contracts.Threads;

/// <summary>One message of a thread, in the order of <paramref name="Index"/>.</summary>
/// <param name="Index">Starts at 1; without gaps.</param>
/// <param name="Role"><c>user</c>, <c>assistant</c>, <c>tool</c> or <c>system</c>.</param>
/// <param name="Text">What was said; empty for a message that only calls tools.</param>
/// <param name="Calls">Tool calls of an assistant's message.</param>
/// <param name="CallId">For a tool's message: the call it answers.</param>
/// <param name="RequestId">The chat request it came with.</param>
/// <param name="Agent">The agent that said it.</param>
/// <param name="At">When it came.</param>
/// <param name="Cut">True for an answer that was cut off: its client hung up in the middle of the stream. What was said until then is here.</param>
public sealed record MessageView(
    int Index,
    string Role,
    string Text,
    IReadOnlyList<MessageCall> Calls,
    string? CallId,
    string? RequestId,
    string? Agent,
    DateTimeOffset At,
    bool Cut = false);

/// <summary>A tool call inside a message.</summary>
/// <param name="Arguments">A JSON object as text.</param>
public sealed record MessageCall(string Id, string Name, string Arguments);

/// <summary>Body of <c>POST /api/v1/threads/{id}/messages</c>: adds a message without running an agent.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Text">1 to 100,000 characters.</param>
public sealed record AddMessage(string Role, string Text);

/// <summary>A whole conversation: <c>GET /api/v1/threads/{id}/export</c>.</summary>
public sealed record ThreadExport(ThreadView Thread, IReadOnlyList<MessageView> Messages, DateTimeOffset ExportedAt);
