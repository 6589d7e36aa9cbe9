using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;

/// <summary>ChatML with Hermes tool calls, as Qwen 2.5 and 3 and the Hermes models are trained on it.</summary>
internal sealed class ChatMLTemplate : IChatTemplate
{
    public ToolCallFormat Calls => ToolCallFormat.Hermes;

    public IReadOnlyList<string> EndMarks => ["<|im_end|>"];

    public PromptText Render(IReadOnlyList<ChatMessage> messages, IReadOnlyList<AIFunctionDeclaration> tools)
    {
        var prompt = new PromptText();
        var system = MessageText.System(messages);
        if (system.Length > 0 || tools.Count > 0)
        {
            prompt.Markup("<|im_start|>system\n").Content(system);
            AppendTools(prompt, tools, system.Length > 0 ? "\n\n" : "");
            prompt.Markup("<|im_end|>\n");
        }

        AppendTurns(prompt, messages);
        return prompt.Markup("<|im_start|>assistant\n");
    }

    /// <summary>Writes every turn but the system's.</summary>
    public static void AppendTurns(PromptText prompt, IReadOnlyList<ChatMessage> messages)
    {
        foreach (var message in messages.Where(message => message.Role != ChatRole.System))
        {
            if (MessageText.Results(message).ToArray() is { Length: > 0 } results)
            {
                prompt.Markup("<|im_start|>user");
                Array.ForEach(results, result => prompt.Markup("\n<tool_response>\n").Content(result).Markup("\n</tool_response>"));
                prompt.Markup("<|im_end|>\n");
                continue;
            }

            prompt.Markup(message.Role == ChatRole.Assistant ? "<|im_start|>assistant\n" : "<|im_start|>user\n").Content(message.Text);
            var between = message.Text.Length > 0 ? "\n" : "";
            foreach (var call in MessageText.Calls(message))
            {
                prompt.Markup($"{between}<tool_call>").Content(MessageText.Call(call, ToolCallFormat.Hermes)).Markup("</tool_call>");
                between = "\n";
            }

            prompt.Markup("<|im_end|>\n");
        }
    }

    private static void AppendTools(PromptText prompt, IReadOnlyList<AIFunctionDeclaration> tools, string before)
    {
        if (tools.Count == 0)
        {
            return;
        }

        prompt.Markup($"{before}# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
            + "You are provided with function signatures within <tools></tools> XML tags:\n<tools>");
        foreach (var tool in tools)
        {
            prompt.Content($"\n{{\"type\": \"function\", \"function\": {MessageText.Declaration(tool)}}}");
        }

        prompt.Markup("\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n"
            + "<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>");
    }
}
