using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>Reads how a text is built, line by line: the marks of Markdown (CommonMark 0.31: headings, fences, list items; GitHub's tables) and what plain text uses like them.</summary>
internal sealed class StructureReader
{
    /// <summary>Most of each kind that is listed.</summary>
    public const int MostListed = 100;

    private const int LongestShown = 200;

    private readonly List<TextHeading> headings = [];
    private readonly List<CodeBlock> code = [];
    private readonly List<TextTable> tables = [];
    private readonly List<string> questions = [];
    private int lines;
    private int paragraphs;
    private int items;
    private bool inParagraph;
    private (string Mark, string? Language, int Line)? fence;
    private (int Line, int Columns, int Rows)? table;
    private string last = "";

    public bool Truncated { get; private set; }

    public int Lines => lines;

    public int Paragraphs => paragraphs;

    /// <summary>Reads all of a text; once for each instance.</summary>
    public TextStructure Read(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            lines++;
            Take(line);
        }

        CloseTable();
        if (fence is { } open)
        {
            Keep(code, new CodeBlock(open.Language, open.Line, lines - open.Line));
        }

        return new TextStructure(headings, items, code, tables, questions);
    }

    private void Take(ReadOnlySpan<char> line)
    {
        var content = line.Trim();
        if (fence is { } open)
        {
            if (content.StartsWith(open.Mark, StringComparison.Ordinal) && content.Trim(open.Mark[0]).IsEmpty)
            {
                Keep(code, new CodeBlock(open.Language, open.Line, lines - open.Line - 1));
                fence = null;
            }

            return;
        }

        if (content.IsEmpty)
        {
            inParagraph = false;
            CloseTable();
            last = "";
            return;
        }

        if (content.StartsWith("```", StringComparison.Ordinal) || content.StartsWith("~~~", StringComparison.Ordinal))
        {
            var mark = content[..(content.Length - content.TrimStart(content[0]).Length)].ToString();
            var language = content[mark.Length..].Trim();
            fence = (mark, language.IsEmpty ? null : Shown(language), lines);
            inParagraph = false;
            return;
        }

        paragraphs += inParagraph ? 0 : 1;
        inParagraph = true;
        if (!Heading(content) && !TableLine(content))
        {
            items += IsItem(content) ? 1 : 0;
            FindQuestions(content);
        }

        last = content.Length <= LongestShown ? content.ToString() : "";
    }

    private bool Heading(ReadOnlySpan<char> content)
    {
        var level = content.Length - content.TrimStart('#').Length;
        if (level is >= 1 and <= 6 && content.Length > level && content[level] == ' ')
        {
            Keep(headings, new TextHeading(level, Shown(content[level..].Trim().TrimEnd('#').TrimEnd()), lines));
            return true;
        }

        // A line under another one that is all = or all - makes that one a heading.
        if (last.Length > 0 && content.Length >= 3 && content[0] is '=' or '-' && content.Trim(content[0]).IsEmpty && !last.Contains('|', StringComparison.Ordinal))
        {
            Keep(headings, new TextHeading(content[0] == '=' ? 1 : 2, last, lines - 1));
            return true;
        }

        return false;
    }

    private bool TableLine(ReadOnlySpan<char> content)
    {
        if (table is { } open)
        {
            if (content.Contains('|'))
            {
                table = open with { Rows = open.Rows + 1 };
                return true;
            }

            CloseTable();
            return false;
        }

        if (content.Contains('|') && content.Contains('-') && content.IndexOfAnyExcept("|-: \t") < 0 && last.Contains('|', StringComparison.Ordinal))
        {
            table = (lines - 1, content.Trim('|').Count('|') + 1, 0);
            return true;
        }

        return false;
    }

    private void CloseTable()
    {
        if (table is { } open)
        {
            Keep(tables, new TextTable(open.Line, open.Columns, open.Rows));
            table = null;
        }
    }

    private static bool IsItem(ReadOnlySpan<char> content)
    {
        if (content.Length > 2 && content[0] is '-' or '*' or '+' or '•' && content[1] == ' ')
        {
            return true;
        }

        var digits = content.IndexOfAnyExceptInRange('0', '9');
        return digits is > 0 and <= 9 && content.Length > digits + 1 && content[digits] is '.' or ')' && content[digits + 1] == ' ';
    }

    private void FindQuestions(ReadOnlySpan<char> content)
    {
        var start = 0;
        for (var i = 0; i < content.Length; i++)
        {
            // Latin, full width, Arabic, Armenian and Ethiopic; Greek writes ; which is something else everywhere else.
            if (content[i] is '?' or '？' or '؟' or '՞' or '፧' && (i + 1 == content.Length || !char.IsLetterOrDigit(content[i + 1])) && content[start..i].Trim().Length > 1)
            {
                Keep(questions, Shown(content[start..(i + 1)].Trim()));
            }

            if (content[i] is '.' or '!' or '?' or '？' or '؟' or '。' or '！' && (i + 1 == content.Length || content[i + 1] is ' ' or '"' or '»' || content[i] > 0x2000))
            {
                start = i + 1;
            }
        }
    }

    private void Keep<T>(List<T> into, T found)
    {
        if (into.Count < MostListed)
        {
            into.Add(found);
        }
        else
        {
            Truncated = true;
        }
    }

    private static string Shown(ReadOnlySpan<char> text) => text.Length <= LongestShown ? text.ToString() : string.Concat(text[..LongestShown], "…");
}
