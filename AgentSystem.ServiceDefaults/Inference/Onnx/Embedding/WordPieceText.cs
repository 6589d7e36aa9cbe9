using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Embedding;

/// <summary>Texts as tokens of BERT's WordPiece vocabulary, with its two marks around them.</summary>
internal sealed class WordPieceText
{
    private readonly BertTokenizer _tokenizer;
    private readonly bool _fold;

    private WordPieceText(BertTokenizer tokenizer, bool fold) => (_tokenizer, _fold) = (tokenizer, fold);

    /// <summary>The token that fills a batch's shorter rows.</summary>
    public int Padding => _tokenizer.PaddingTokenId;

    /// <summary>Reads a vocabulary.</summary>
    /// <exception cref="InvalidDataException">It is none of WordPiece's.</exception>
    public static WordPieceText Read(EmbeddingFolder folder)
    {
        var json = folder.VocabularyFile.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        using Stream words = json ? FromJson(folder.VocabularyFile) : File.OpenRead(folder.VocabularyFile);
        try
        {
            // Letters are folded here, not there: the package asks Unicode normalization, which changes nothing in our globalization mode.
            return new WordPieceText(BertTokenizer.Create(words, new BertOptions { LowerCaseBeforeTokenization = false }), folder.Lowercase);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{folder.VocabularyFile}: {error.Message} It must be a WordPiece vocabulary with [UNK], [CLS], [SEP] and [PAD].", error);
        }
    }

    /// <summary>A text's tokens, however many.</summary>
    public IReadOnlyList<int> Encode(string text) => _tokenizer.EncodeToIds(_fold ? Accents.Fold(text) : text, addSpecialTokens: true);

    /// <summary>The vocabulary of a <c>tokenizer.json</c> as the lines of a <c>vocab.txt</c>.</summary>
    private static MemoryStream FromJson(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        if (!document.RootElement.TryGetProperty("model", out var model) || !model.TryGetProperty("vocab", out var vocabulary) || vocabulary.ValueKind != JsonValueKind.Object
            || (model.TryGetProperty("type", out var type) && type.GetString() != "WordPiece"))
        {
            throw new InvalidDataException($"{path}: its model is not WordPiece, so it is not of the BERT family (bge, e5, MiniLM in English); other tokenizers are not known for vectors.");
        }

        var lines = vocabulary.EnumerateObject().ToDictionary(static word => word.Value.GetInt32(), static word => word.Name);
        // Line numbers are ids, so a hole in them would move everything behind it.
        var text = string.Join('\n', Enumerable.Range(0, lines.Keys.Max() + 1).Select(id => lines.GetValueOrDefault(id, $"[unlisted{id}]")));
        return new MemoryStream(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
