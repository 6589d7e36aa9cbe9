using System.Text.Json;

namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>What the engine needs of <c>genai_config.json</c>.</summary>
internal sealed record GenAIConfig(
    string ModelFile,
    int ContextTokens,
    int VocabularySize,
    int Layers,
    int KeyValueHeads,
    int HeadSize,
    int HiddenSize,
    int? BeginToken,
    IReadOnlyList<int> EndTokens,
    string InputIds,
    string AttentionMask,
    string PositionIds,
    string PastKey,
    string PastValue,
    string Logits,
    string PresentKey,
    string PresentValue)
{
    /// <summary>Reads the configuration of a model folder.</summary>
    /// <exception cref="InvalidDataException">It lacks something, or describes a model the engine cannot run.</exception>
    public static GenAIConfig Read(string folder)
    {
        var path = Path.Combine(folder, "genai_config.json");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var model = document.RootElement.GetProperty("model");
            var decoder = model.GetProperty("decoder");
            if (!document.RootElement.GetProperty("search").GetProperty("past_present_share_buffer").GetBoolean())
            {
                throw new InvalidDataException($"{path}: search.past_present_share_buffer is false; export the model with GroupQueryAttention and a shared buffer.");
            }

            var (inputs, outputs) = (decoder.GetProperty("inputs"), decoder.GetProperty("outputs"));
            return new GenAIConfig(
                decoder.GetProperty("filename").GetString()!,
                model.GetProperty("context_length").GetInt32(),
                model.GetProperty("vocab_size").GetInt32(),
                decoder.GetProperty("num_hidden_layers").GetInt32(),
                decoder.GetProperty("num_key_value_heads").GetInt32(),
                decoder.GetProperty("head_size").GetInt32(),
                decoder.GetProperty("hidden_size").GetInt32(),
                model.TryGetProperty("bos_token_id", out var begin) && begin.ValueKind == JsonValueKind.Number ? begin.GetInt32() : null,
                ReadIds(model.GetProperty("eos_token_id")),
                Text(inputs, "input_ids", "input_ids"),
                Text(inputs, "attention_mask", "attention_mask"),
                Text(inputs, "position_ids", "position_ids"),
                Text(inputs, "past_key_names", "past_key_values.%d.key"),
                Text(inputs, "past_value_names", "past_key_values.%d.value"),
                Text(outputs, "logits", "logits"),
                Text(outputs, "present_key_names", "present.%d.key"),
                Text(outputs, "present_value_names", "present.%d.value"));
        }
        catch (Exception error) when (error is KeyNotFoundException or JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: {error.Message} The folder must be in ONNX Runtime GenAI's layout with a decoder-only model.", error);
        }
    }

    private static int[] ReadIds(JsonElement ids) =>
        ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : [ids.GetInt32()];

    private static string Text(JsonElement names, string key, string otherwise) =>
        names.TryGetProperty(key, out var name) ? name.GetString()! : otherwise;
}
