using System.Text.Json;

namespace AgentSystem.ServiceDefaults.Inference.Onnx;

/// <summary>What a model folder's optional <c>agentsystem.json</c> adds: how a small model wants its conversation reduced.</summary>
/// <param name="ToolNamesOnly">The model sees the tools' names instead of instructions and schemas (<c>"system": "omit", "tools": "names"</c>).</param>
/// <param name="HistoryExchanges">Exchanges shown before the current one; null for all.</param>
/// <param name="SpanOpen">Token before a copied value in an answer; null when the model knows none.</param>
/// <param name="SpanClose">Token after it.</param>
internal sealed record AgentSystemProfile(bool ToolNamesOnly, int? HistoryExchanges, int? SpanOpen, int? SpanClose)
{
    /// <summary>A model without the file.</summary>
    public static readonly AgentSystemProfile None = new(false, null, null, null);

    /// <summary>Reads the file, if it is there.</summary>
    /// <exception cref="InvalidDataException">It says something unknown.</exception>
    public static AgentSystemProfile Read(string folder)
    {
        var path = Path.Combine(folder, "agentsystem.json");
        if (!File.Exists(path))
        {
            return None;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        var (family, system, tools) = (Word(root, "family"), Word(root, "system"), Word(root, "tools"));
        var reduced = (system, tools) == ("omit", "names");
        if (family is not "chatml" || !(reduced || (system, tools) == ("include", "schemas")))
        {
            throw new InvalidDataException(
                $"{path}: family '{family}', system '{system}', tools '{tools}' is unknown; write \"chatml\" with \"omit\" and \"names\", or \"include\" and \"schemas\".");
        }

        var spans = root.TryGetProperty("spans", out var found) ? found : default;
        return new AgentSystemProfile(
            reduced,
            root.TryGetProperty("history_exchanges", out var history) ? history.GetInt32() : null,
            spans.ValueKind == JsonValueKind.Object ? spans.GetProperty("open").GetInt32() : null,
            spans.ValueKind == JsonValueKind.Object ? spans.GetProperty("close").GetInt32() : null);
    }

    private static string? Word(JsonElement root, string key) => root.TryGetProperty(key, out var word) ? word.GetString() : null;
}
