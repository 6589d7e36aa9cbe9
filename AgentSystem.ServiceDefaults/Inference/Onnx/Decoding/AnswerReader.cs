using System.Text;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>
/// Turns tokens into what the caller sees: text, or a call. Bytes are decoded as they come, a character only when it is whole; the marks of copied values
/// vanish; a call that no offered tool could take comes out as text.
/// </summary>
/// <param name="callAsAnswer">In this model's family an answer that begins with a brace may be a call.</param>
internal sealed class AnswerReader(TokenTable tokens, ToolCallParser? parser, IReadOnlyList<string> stops, bool callAsAnswer)
{
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly StopText _stop = new(stops);
    private readonly StringBuilder _call = new();
    private bool _inCall;
    private bool _started;

    /// <summary>The call, once it was read.</summary>
    public FunctionCallContent? Call { get; private set; }

    /// <summary>True when a stop string was met: nothing after it counts.</summary>
    public bool IsStopped => _stop.IsStopped;

    /// <summary>Reads a token; returns the text that became visible by it, which may be empty.</summary>
    public string Read(int token)
    {
        if (token == tokens.CallOpen && parser is not null)
        {
            _inCall = true;
            return "";
        }

        if (token == tokens.CallClose)
        {
            return EndCall();
        }

        var text = tokens.Bytes(token) is { } bytes ? Decode(bytes, flush: false) : token == tokens.SpanOpen || token == tokens.SpanClose ? "" : tokens.Shown(token) ?? "";
        if (!_started && text.Length > 0)
        {
            _started = true;
            _inCall |= callAsAnswer && parser is not null && text.TrimStart().StartsWith('{');
        }

        if (_inCall)
        {
            _call.Append(text);
            return "";
        }

        return _stop.Push(text);
    }

    /// <summary>The answer is over; returns the text still held back.</summary>
    public string Finish()
    {
        var rest = Decode([], flush: true);
        if (_inCall)
        {
            _call.Append(rest);
            rest = callAsAnswer ? EndCall() : Unread();
        }

        return _stop.Push(rest) + _stop.Flush();
    }

    private string EndCall()
    {
        Call ??= parser?.Parse(_call.ToString());
        return Call is null ? _stop.Push(Unread()) : Empty();
    }

    private string Empty()
    {
        (_, _inCall) = (_call.Clear(), false);
        return "";
    }

    private string Unread()
    {
        var text = _call.ToString().Trim();
        Empty();
        return text;
    }

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> characters = stackalloc char[128];
        if (bytes.Length + 4 > characters.Length)
        {
            characters = new char[bytes.Length + 4];
        }

        return new string(characters[.._utf8.GetChars(bytes, characters, flush)]);
    }
}
