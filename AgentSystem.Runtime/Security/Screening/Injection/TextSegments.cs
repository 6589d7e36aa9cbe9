namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>A sentence or line of a document, and where it stands.</summary>
internal readonly record struct TextSegment(int Start, int Length, SegmentPlace Place);

/// <summary>What stands around a segment, which says whether it belongs there.</summary>
[Flags]
internal enum SegmentPlace
{
    /// <summary>Nothing of note.</summary>
    None = 0,

    /// <summary>The first of the document.</summary>
    First = 1,

    /// <summary>The last of the document.</summary>
    Last = 2,

    /// <summary>A row of a table.</summary>
    Row = 4,

    /// <summary>Prose, while most lines of the document are rows of a table.</summary>
    AmongRows = 8,

    /// <summary>Followed by a block of code.</summary>
    BeforeCode = 16,

    /// <summary>Inside a block of code.</summary>
    InCode = 32,
}

/// <summary>Cuts a folded document into sentences and lines of bounded length. Linear.</summary>
internal static class TextSegments
{
    private const int Longest = 400, Shortest = 12;

    /// <summary>The segments in their order.</summary>
    public static List<TextSegment> Of(string text)
    {
        var (lines, rows) = Lines(text);
        var table = lines.Count >= 3 && rows * 2 > lines.Count;
        var segments = new List<TextSegment>();
        var code = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var (start, length) = lines[i];
            var line = text.AsSpan(start, length);
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                code = !code;
                continue;
            }

            var row = IsRow(line);
            var place = (row ? SegmentPlace.Row : table ? SegmentPlace.AmongRows : SegmentPlace.None) | (code ? SegmentPlace.InCode : SegmentPlace.None)
                | (i + 1 < lines.Count && !code && text.AsSpan(lines[i + 1].Start, lines[i + 1].Length).TrimStart().StartsWith("```", StringComparison.Ordinal) ? SegmentPlace.BeforeCode : SegmentPlace.None);
            Cut(text, start, start + length, place, row || code, segments);
        }

        if (segments.Count > 0)
        {
            segments[0] = segments[0] with { Place = segments[0].Place | SegmentPlace.First };
            segments[^1] = segments[^1] with { Place = segments[^1].Place | SegmentPlace.Last };
        }

        return segments;
    }

    private static (List<(int Start, int Length)> Lines, int Rows) Lines(string text)
    {
        var (lines, rows) = (new List<(int, int)>(), 0);
        for (var i = 0; i < text.Length;)
        {
            var end = text.IndexOf('\n', i);
            end = end < 0 ? text.Length : end;
            if (!text.AsSpan(i, end - i).IsWhiteSpace())
            {
                lines.Add((i, end - i));
                rows += IsRow(text.AsSpan(i, end - i)) ? 1 : 0;
            }

            i = end + 1;
        }

        return (lines, rows);
    }

    private static bool IsRow(ReadOnlySpan<char> line) => line.TrimStart() is ['|', ..] || line.Count('|') >= 3 || line.Count('\t') >= 2;

    private static void Cut(string text, int start, int end, SegmentPlace place, bool whole, List<TextSegment> to)
    {
        var from = start;
        for (var i = start; i < end; i++)
        {
            var stop = !whole && text[i] is '.' or '!' or '?' or '\u3002' or '\u0964' or '\u061F' or '\uFF01' && (i + 1 >= end || char.IsWhiteSpace(text[i + 1]) || text[i + 1] is '"' or '\'' or ')' or '<' || text[i] > 0x80);
            if ((stop && i + 1 - from >= Shortest) || (i + 1 - from >= Longest && (char.IsWhiteSpace(text[i]) || i + 1 - from >= 2 * Longest)))
            {
                to.Add(new TextSegment(from, i + 1 - from, place));
                from = i + 1;
            }
        }

        if (!text.AsSpan(from, end - from).IsWhiteSpace())
        {
            to.Add(new TextSegment(from, end - from, place));
        }
    }
}
