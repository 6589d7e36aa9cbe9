using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;

/// <summary>Phi-3 and Phi-4-mini. Only the latter knows tools, and writes no line breaks around its turns.</summary>
internal sealed class PhiTemplate(bool writesTools) : IChatTemplate
{
    private readonly string _break = writesTools ? "" : "\n";

    public ToolCallFormat Calls => ToolCallFormat.Phi;

    public IReadOnlyList<string> EndMarks => ["<|end|>"];

    public PromptText Render(IReadOnlyList<ChatMessage> messages, IReadOnlyList<AIFunctionDeclaration> tools)
    {
        var prompt = new PromptText();
        var system = MessageText.System(messages);
        if (system.Length > 0 || (writesTools && tools.Count > 0))
        {
            prompt.Markup($"<|system|>{_break}").Content(system);
            if (writesTools && tools.Count > 0)
            {
                prompt.Markup("<|tool|>").Content($"[{string.Join(", ", tools.Select(MessageText.Declaration))}]").Markup("<|/tool|>");
            }

            prompt.Markup($"<|end|>{_break}");
        }

        foreach (var message in messages.Where(message => message.Role != ChatRole.System))
        {
            foreach (var result in MessageText.Results(message))
            {
                prompt.Markup($"<|tool_response|>{_break}").Content(result).Markup($"<|end|>{_break}");
            }

            if (!MessageText.Results(message).Any())
            {
                AppendTurn(prompt, message);
            }
        }

        return prompt.Markup($"<|assistant|>{_break}");
    }

    private void AppendTurn(PromptText prompt, ChatMessage message)
    {
        prompt.Markup(message.Role == ChatRole.Assistant ? $"<|assistant|>{_break}" : $"<|user|>{_break}").Content(message.Text);
        foreach (var call in MessageText.Calls(message))
        {
            prompt.Markup(Calls.Open!).Content(MessageText.Call(call, Calls)).Markup(Calls.Close!);
        }

        prompt.Markup($"<|end|>{_break}");
    }
}
