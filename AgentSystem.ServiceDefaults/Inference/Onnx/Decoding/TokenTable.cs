using AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>What each token of a model means while an answer is decoded.</summary>
internal sealed class TokenTable
{
    private readonly byte[]?[] _bytes;
    private readonly string?[] _shown;

    public TokenTable(BytePairTokenizer tokenizer, AgentSystemProfile profile, ToolCallFormat format, IReadOnlySet<int> ends)
    {
        Ends = ends;
        SpanOpen = profile.SpanOpen ?? -1;
        SpanClose = profile.SpanClose ?? -1;
        CallOpen = Find(tokenizer, format.Open);
        CallClose = Find(tokenizer, format.Close);
        _bytes = new byte[]?[tokenizer.VocabularySize];
        _shown = new string?[tokenizer.VocabularySize];
        for (var token = 0; token < _bytes.Length; token++)
        {
            _bytes[token] = tokenizer.Bytes(token);
        }

        // A mark such as <think> is text to the reader; a tool's result is written by us alone.
        foreach (var added in tokenizer.Added.Values.Where(token => !token.Special && !token.Text.Contains("tool_response", StringComparison.Ordinal)))
        {
            _shown[added.Id] = added.Text;
        }
    }

    /// <summary>Tokens that end an answer.</summary>
    public IReadOnlySet<int> Ends { get; }

    public int CallOpen { get; }

    public int CallClose { get; }

    public int SpanOpen { get; }

    public int SpanClose { get; }

    /// <summary>The bytes of an ordinary token; null for marks and unused ids.</summary>
    public byte[]? Bytes(int token) => token < _bytes.Length ? _bytes[token] : null;

    /// <summary>What the reader sees of a mark; null when nothing.</summary>
    public string? Shown(int token) => token < _shown.Length ? _shown[token] : null;

    private static int Find(BytePairTokenizer tokenizer, string? mark) => mark is not null && tokenizer.Added.TryGetValue(mark, out var token) ? token.Id : -1;
}
