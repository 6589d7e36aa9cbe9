using System.Text.Json;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Prompting;

/// <summary>Recognises a model's family by the marks in its chat template. The Jinja program itself is not run.</summary>
internal static class ChatTemplates
{
    /// <summary>The template of a model folder.</summary>
    /// <exception cref="InvalidDataException">The family is unknown.</exception>
    public static IChatTemplate Choose(string folder, AgentSystemProfile profile)
    {
        if (profile.ToolNamesOnly)
        {
            return new ToolNamesTemplate();
        }

        var path = Path.Combine(folder, "tokenizer_config.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var jinja = Path.Combine(folder, "chat_template.jinja");
        var template = document.RootElement.TryGetProperty("chat_template", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : File.Exists(jinja) ? File.ReadAllText(jinja) : "";
        return Recognise(template) ?? throw new InvalidDataException(
            $"{path}: the chat template belongs to no known family (ChatML as Qwen and Hermes write it, Phi-3/Phi-4-mini, Llama 3). Serve this model through an OpenAI-compatible server instead.");
    }

    /// <summary>The family that writes these marks; null when none does.</summary>
    public static IChatTemplate? Recognise(string template)
    {
        bool Has(string mark) => template.Contains(mark, StringComparison.Ordinal);

        // Phi-4 (14B) mixes ChatML's first mark with one of its own.
        return Has("<|im_sep|>") ? null
            : Has("<|im_start|>") ? new ChatMLTemplate()
            : Has("<|start_header_id|>") ? new Llama3Template()
            : Has("<|assistant|>") && Has("<|end|>") ? new PhiTemplate(writesTools: Has("<|tool|>"))
            : null;
    }
}
