using AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;
using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;

/// <summary>Llama 3's headers, with the tools in the system turn and calls as a bare JSON object, as Llama 3.1 and later do without built-in tools.</summary>
internal sealed class Llama3Template : IChatTemplate
{
    public ToolCallFormat Calls => ToolCallFormat.Llama;

    public IReadOnlyList<string> EndMarks => ["<|eot_id|>", "<|eom_id|>"];

    public PromptText Render(IReadOnlyList<ChatMessage> messages, IReadOnlyList<AIFunctionDeclaration> tools)
    {
        var prompt = new PromptText().Markup("<|begin_of_text|>");
        var system = MessageText.System(messages);
        if (system.Length > 0 || tools.Count > 0)
        {
            Turn(prompt, "system", system + Describe(tools, system.Length > 0 ? "\n\n" : ""));
        }

        foreach (var message in messages.Where(message => message.Role != ChatRole.System))
        {
            var results = MessageText.Results(message).ToArray();
            Array.ForEach(results, result => Turn(prompt, "ipython", result));
            if (results.Length == 0)
            {
                var calls = string.Concat(MessageText.Calls(message).Select(call => MessageText.Call(call, Calls)));
                Turn(prompt, message.Role == ChatRole.Assistant ? "assistant" : "user", message.Text + calls);
            }
        }

        return prompt.Markup("<|start_header_id|>assistant<|end_header_id|>\n\n");
    }

    private static void Turn(PromptText prompt, string role, string text) =>
        prompt.Markup($"<|start_header_id|>{role}<|end_header_id|>\n\n").Content(text).Markup("<|eot_id|>");

    private static string Describe(IReadOnlyList<AIFunctionDeclaration> tools, string before) => tools.Count == 0
        ? ""
        : $"{before}You have access to the following functions. To call a function, respond with JSON for a function call in the format "
            + "{\"name\": function name, \"parameters\": dictionary of argument name and its value}. Do not use variables.\n\n"
            + string.Join("\n\n", tools.Select(tool => $"{{\"type\": \"function\", \"function\": {MessageText.Declaration(tool)}}}"));
}
