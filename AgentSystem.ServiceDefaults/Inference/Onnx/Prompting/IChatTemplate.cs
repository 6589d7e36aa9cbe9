using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;

/// <summary>How a family of models wants a conversation written down.</summary>
internal interface IChatTemplate
{
    /// <summary>How the family writes tool calls.</summary>
    ToolCallFormat Calls { get; }

    /// <summary>Tokens that end a turn, beside those of <c>genai_config.json</c>; unknown ones are passed over.</summary>
    IReadOnlyList<string> EndMarks { get; }

    /// <summary>Writes the conversation up to the point where the answer begins.</summary>
    PromptText Render(IReadOnlyList<ChatMessage> messages, IReadOnlyList<AIFunctionDeclaration> tools);
}
