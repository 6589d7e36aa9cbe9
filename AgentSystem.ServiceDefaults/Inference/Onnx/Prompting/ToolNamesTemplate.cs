using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;

/// <summary>ChatML for models too small to read instructions and schemas: a line with the tools' names stands in their place.</summary>
internal sealed class ToolNamesTemplate : IChatTemplate
{
    public ToolCallFormat Calls => ToolCallFormat.Hermes;

    public IReadOnlyList<string> EndMarks => ["<|im_end|>"];

    public PromptText Render(IReadOnlyList<ChatMessage> messages, IReadOnlyList<AIFunctionDeclaration> tools)
    {
        var names = tools.Count == 0 ? "none" : string.Join(", ", tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        var prompt = new PromptText().Markup("<|im_start|>system\nTools: ").Content(names).Markup("<|im_end|>\n");
        ChatMLTemplate.AppendTurns(prompt, messages);
        return prompt.Markup("<|im_start|>assistant\n");
    }
}
