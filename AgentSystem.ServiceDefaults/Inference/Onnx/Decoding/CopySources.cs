namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>The texts of a conversation that values may be copied from.</summary>
/// <param name="User">The user's latest message.</param>
/// <param name="ToolResponse">The latest tool result after it, if there is one.</param>
internal sealed record CopySources(string User, string? ToolResponse);
