using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;

/// <summary>An entry of <c>added_tokens</c>: matched before any merging.</summary>
/// <param name="Special">True for control tokens that are never shown as text.</param>
internal sealed record AddedToken(int Id, string Text, bool Special);

/// <summary>What <c>tokenizer.json</c> says, as far as byte-level BPE goes; everything else is refused with its name.</summary>
internal sealed record TokenizerFile(
    IReadOnlyDictionary<string, int> Vocabulary,
    IReadOnlyList<(string Left, string Right)> Merges,
    IReadOnlyList<AddedToken> AddedTokens,
    Regex Words,
    bool WholeWordsFirst)
{
    // GPT-2's pattern, which "use_regex": true stands for.
    private const string DefaultWords = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Reads a tokenizer.</summary>
    /// <exception cref="InvalidDataException">The file uses something other than byte-level BPE.</exception>
    public static TokenizerFile Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        var model = root.GetProperty("model");
        if (model.GetProperty("type").GetString() is not "BPE")
        {
            throw Refuse(path, $"model type '{model.GetProperty("type")}'");
        }

        if (model.TryGetProperty("byte_fallback", out var fallback) && fallback.ValueKind == JsonValueKind.True)
        {
            throw Refuse(path, "byte_fallback (a SentencePiece vocabulary)");
        }

        // NFC changes nothing in text that is already composed, which is what browsers and keyboards send.
        if (root.TryGetProperty("normalizer", out var normalizer) && normalizer.ValueKind == JsonValueKind.Object
            && normalizer.GetProperty("type").GetString() is not "NFC")
        {
            throw Refuse(path, $"normalizer '{normalizer.GetProperty("type")}'");
        }

        return new TokenizerFile(
            model.GetProperty("vocab").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32(), StringComparer.Ordinal),
            [.. model.GetProperty("merges").EnumerateArray().Select(ReadMerge)],
            [.. root.GetProperty("added_tokens").EnumerateArray().Select(ReadAddedToken)],
            new Regex(ReadWords(path, root.GetProperty("pre_tokenizer")), RegexOptions.Compiled | RegexOptions.CultureInvariant),
            model.TryGetProperty("ignore_merges", out var ignore) && ignore.ValueKind == JsonValueKind.True);
    }

    private static (string Left, string Right) ReadMerge(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array)
        {
            return (merge[0].GetString()!, merge[1].GetString()!);
        }

        var text = merge.GetString()!;
        var space = text.IndexOf(' ', 1);
        return (text[..space], text[(space + 1)..]);
    }

    private static AddedToken ReadAddedToken(JsonElement token) =>
        new(token.GetProperty("id").GetInt32(), token.GetProperty("content").GetString()!, token.GetProperty("special").GetBoolean());

    private static string ReadWords(string path, JsonElement pre)
    {
        var type = pre.ValueKind == JsonValueKind.Object ? pre.GetProperty("type").GetString() : null;
        if (type == "ByteLevel" && IsOff(pre, "add_prefix_space"))
        {
            return IsOff(pre, "use_regex") ? @"(?s:.+)" : DefaultWords;
        }

        if (type == "Sequence")
        {
            var steps = pre.GetProperty("pretokenizers").EnumerateArray().ToArray();
            if (steps is [var split, var bytes]
                && split.GetProperty("type").GetString() == "Split"
                && split.GetProperty("behavior").GetString() == "Isolated"
                && split.GetProperty("pattern").TryGetProperty("Regex", out var pattern)
                && bytes.GetProperty("type").GetString() == "ByteLevel"
                && IsOff(bytes, "use_regex"))
            {
                return pattern.GetString()!;
            }
        }

        throw Refuse(path, $"pre_tokenizer '{type}' in this arrangement");
    }

    private static bool IsOff(JsonElement element, string flag) => element.TryGetProperty(flag, out var value) && value.ValueKind == JsonValueKind.False;

    private static InvalidDataException Refuse(string path, string what) => new(
        $"{path}: {what} is not supported; the engine reads byte-level BPE (as GPT-2, Qwen, Llama 3 and Phi-4-mini use it). Serve this model through an OpenAI-compatible server instead.");
}
