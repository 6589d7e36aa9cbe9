using System.Text;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Decoding;

/// <summary>
/// A piece of a given text as a reader would cut it out: it begins at the start or after whitespace, ends at the end or before whitespace, leaves the
/// punctuation <c>. ? ! , : ;</c> behind its last word outside, and is never empty.
/// </summary>
internal sealed class SpanMatcher : IByteMatcher
{
    private readonly byte[] _text;
    private readonly bool[] _starts;
    private readonly bool[] _ends;

    /// <param name="escaped">The spans are written inside a JSON string.</param>
    public SpanMatcher(string source, bool escaped)
    {
        var bytes = new List<byte>(source.Length);
        var starts = new List<bool>(source.Length + 1);
        var ends = new List<bool>(source.Length + 1);
        var at = 0;
        foreach (var rune in source.EnumerateRunes())
        {
            var begins = IsStart(source, at);
            var closes = IsEnd(source, at);
            foreach (var value in escaped ? JsonText.Escape(rune) : Encoding.UTF8.GetBytes(rune.ToString()))
            {
                bytes.Add(value);
                starts.Add(begins);
                ends.Add(closes);
                begins = closes = false;
            }

            at += rune.Utf16SequenceLength;
        }

        starts.Add(false);
        ends.Add(IsEnd(source, source.Length));
        // What follows the last possible end leads nowhere: without it, every place that can be reached can also be finished.
        var length = ends.LastIndexOf(true) + 1;
        (_text, _starts, _ends) = ([.. bytes.Take(length - 1)], [.. starts.Take(length)], [.. ends.Take(length)]);
    }

    /// <summary>True when there is at least one span.</summary>
    public bool HasSpans => _starts.Contains(true) && _ends.Contains(true);

    /// <summary>Whether <paramref name="value"/> is a span of <paramref name="source"/>.</summary>
    public static bool IsSpan(string source, string value)
    {
        for (var at = value.Length == 0 ? -1 : source.IndexOf(value, StringComparison.Ordinal); at >= 0; at = source.IndexOf(value, at + 1, StringComparison.Ordinal))
        {
            if (IsStart(source, at) && IsEnd(source, at + value.Length))
            {
                return true;
            }
        }

        return false;
    }

    public void Begin(ICollection<Cursor> cursors)
    {
        for (var i = 0; i < _starts.Length; i++)
        {
            if (_starts[i])
            {
                cursors.Add(new Cursor(i));
            }
        }
    }

    public bool TryRead(Cursor cursor, byte value, out Cursor next)
    {
        next = new Cursor(cursor.Place + 1, 1);
        return cursor.Place < _text.Length && _text[cursor.Place] == value;
    }

    public bool MayEnd(Cursor cursor) => cursor.Count > 0 && _ends[cursor.Place];

    private static bool IsStart(string source, int at) =>
        at < source.Length && !char.IsWhiteSpace(source[at]) && (at == 0 || char.IsWhiteSpace(source[at - 1]));

    private static bool IsEnd(string source, int at)
    {
        if (at == 0 || char.IsWhiteSpace(source[at - 1]) || IsPunctuation(source[at - 1]))
        {
            return false;
        }

        while (at < source.Length && IsPunctuation(source[at]))
        {
            at++;
        }

        return at == source.Length || char.IsWhiteSpace(source[at]);
    }

    private static bool IsPunctuation(char value) => value is '.' or '?' or '!' or ',' or ':' or ';';
}
