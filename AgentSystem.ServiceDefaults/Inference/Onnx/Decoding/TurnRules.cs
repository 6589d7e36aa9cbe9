using AgentSystem.ServiceDefaults.Inference.Onnx.Engine;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>
/// The rules of one answer: text with copied values in it, or a tool call. Which of them, and which tool, is the model's choice unless the caller demands
/// or forbids a call.
/// </summary>
/// <param name="calls">Grammar between the marks of a call; null forbids calls.</param>
/// <param name="spans">Grammar between the marks of a copied value; null forbids the marks.</param>
/// <param name="mustCall">The caller demands a call: it comes first.</param>
internal sealed class TurnRules(TokenTable tokens, Grammar? calls, Grammar? spans, bool mustCall) : IDecodingRules
{
    private Part _part = Part.Text;
    private GrammarReader? _reader;
    private bool _started;

    private enum Part
    {
        Text,
        Call,
        Span,
        Complete,
    }

    public bool IsComplete => _part == Part.Complete;

    public bool Allows(int token) => _part switch
    {
        Part.Text when mustCall && !_started && tokens.CallOpen >= 0 => token == tokens.CallOpen,
        Part.Text => AllowsInText(token),
        Part.Call => AllowsInside(token, tokens.CallClose),
        Part.Span => AllowsInside(token, tokens.SpanClose),
        _ => false,
    };

    public void Accept(int token)
    {
        _started = true;
        switch (_part)
        {
            case Part.Text when token == tokens.CallOpen && calls is not null:
                (_part, _reader) = (Part.Call, new GrammarReader(calls));
                break;
            case Part.Text when token == tokens.SpanOpen && spans is not null:
                (_part, _reader) = (Part.Span, new GrammarReader(spans));
                break;
            case Part.Call when token == tokens.CallClose:
                _part = Part.Complete;
                break;
            case Part.Span when token == tokens.SpanClose:
                _part = Part.Text;
                break;
            case Part.Call or Part.Span when tokens.Bytes(token) is { } bytes:
                _reader?.Read(bytes);
                break;
        }
    }

    public void Abandon()
    {
        mustCall = false;
        _reader = null;
    }

    private bool AllowsInText(int token) =>
        tokens.Bytes(token) is not null
        || (_started && tokens.Ends.Contains(token))
        || (token == tokens.CallOpen ? calls is not null
            : token == tokens.SpanOpen ? spans is not null
            : token != tokens.SpanClose && token != tokens.CallClose && tokens.Shown(token) is not null);

    private bool AllowsInside(int token, int close)
    {
        if (token == close)
        {
            return _reader?.MayEnd ?? true;
        }

        var bytes = tokens.Bytes(token);
        return _reader is null ? bytes is not null || tokens.Ends.Contains(token) : bytes is not null && _reader.Fits(bytes);
    }
}
