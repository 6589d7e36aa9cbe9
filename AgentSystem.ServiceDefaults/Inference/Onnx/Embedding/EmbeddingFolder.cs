using System.Text.Json;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Embedding;

/// <summary>How the vectors of a text's tokens become the vector of the text.</summary>
internal enum Pooling
{
    /// <summary>Their mean, over the tokens that are not padding.</summary>
    Mean,

    /// <summary>The first one's.</summary>
    Cls,
}

/// <summary>What a folder with an embedding model of the BERT family says about it, in the layout such models are published in.</summary>
/// <param name="ModelFile">The network.</param>
/// <param name="VocabularyFile"><c>vocab.txt</c> or <c>tokenizer.json</c>.</param>
/// <param name="Pooling">From <c>1_Pooling/config.json</c>, or from <c>pooling</c> in <c>agentsystem.json</c>, which wins; mean when neither is there.</param>
/// <param name="MaxTokens">Longest text in tokens, its two marks included.</param>
/// <param name="Lowercase">Letters are made small and lose their accents.</param>
internal sealed record EmbeddingFolder(string ModelFile, string VocabularyFile, Pooling Pooling, int MaxTokens, bool Lowercase)
{
    private const int BertTokens = 512;
    private static readonly string[] ModelFiles = ["model.onnx", Path.Combine("onnx", "model.onnx")];
    private static readonly string[] VocabularyFiles = ["vocab.txt", "tokenizer.json"];

    /// <summary>What is missing in a folder; null when it looks whole.</summary>
    public static string? Missing(string folder) =>
        First(folder, ModelFiles) is null ? "model.onnx"
        : First(folder, VocabularyFiles) is null ? "tokenizer.json or vocab.txt"
        : null;

    /// <summary>Reads what stands in a folder's small files.</summary>
    /// <exception cref="InvalidDataException">One of them says something that cannot be.</exception>
    public static EmbeddingFolder Read(string folder)
    {
        try
        {
            return new EmbeddingFolder(
                First(folder, ModelFiles)!,
                First(folder, VocabularyFiles)!,
                ReadPooling(folder),
                new[]
                {
                    Number(folder, "sentence_bert_config.json", "max_seq_length"),
                    Number(folder, "tokenizer_config.json", "model_max_length"),
                    Number(folder, "config.json", "max_position_embeddings"),
                    BertTokens,
                }.Min() ?? BertTokens,
                ReadLowercase(folder));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{folder}: {error.Message} The folder must hold an embedding model of the BERT family.", error);
        }
    }

    private static Pooling ReadPooling(string folder)
    {
        var own = Member(folder, "agentsystem.json", "pooling");
        if (own is { ValueKind: JsonValueKind.String } said)
        {
            return said.GetString() switch
            {
                "mean" => Pooling.Mean,
                "cls" => Pooling.Cls,
                var word => throw new InvalidDataException($"{Path.Combine(folder, "agentsystem.json")}: pooling '{word}' is unknown; write \"mean\" or \"cls\"."),
            };
        }

        var path = Path.Combine("1_Pooling", "config.json");
        if (Member(folder, path, "pooling_mode_cls_token") is { ValueKind: JsonValueKind.True })
        {
            return Pooling.Cls;
        }

        return !File.Exists(Path.Combine(folder, path)) || Member(folder, path, "pooling_mode_mean_tokens") is { ValueKind: JsonValueKind.True }
            ? Pooling.Mean
            : throw new InvalidDataException($"{Path.Combine(folder, path)}: neither the mean of the tokens nor the first one; other poolings are not known here.");
    }

    /// <summary>The tokenizer's own word, then the settings around it; models of this family are published uncased unless they say otherwise.</summary>
    private static bool ReadLowercase(string folder)
    {
        if (Member(folder, "tokenizer.json", "normalizer") is { ValueKind: JsonValueKind.Object } normalizer && normalizer.TryGetProperty("lowercase", out var lower))
        {
            return lower.ValueKind == JsonValueKind.True;
        }

        return Member(folder, "tokenizer_config.json", "do_lower_case") is not { ValueKind: JsonValueKind.False };
    }

    private static int? Number(string folder, string file, string member) =>
        // Some files say "no limit" with a number that fits into nothing.
        Member(folder, file, member) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) && value > 2 ? value : null;

    private static JsonElement? Member(string folder, string file, string member)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.TryGetProperty(member, out var value) ? value.Clone() : null;
    }

    private static string? First(string folder, string[] files) => files.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
}
