using System.Net;
using System.Text;

namespace AgentSystem.Runtime.Documents.Markdown;

/// <summary>The text of a paragraph without its marks: emphasis, code ticks, tags, and the targets of links and images.</summary>
internal static class MarkdownInline
{
    private const string Escapable = "\\`*_{}[]()#+-.!|<>~";
    private const int LongestTag = 500;

    /// <summary>One pass, no way back: a mark that does not close is text.</summary>
    public static string Text(string source)
    {
        var text = new StringBuilder(source.Length);
        var links = new Links(source);
        for (var i = 0; i < source.Length; i++)
        {
            switch (source[i])
            {
                case '\\' when i + 1 < source.Length && Escapable.Contains(source[i + 1], StringComparison.Ordinal):
                    text.Append(source[++i]);
                    break;
                case '!' when i + 1 < source.Length && source[i + 1] == '[':
                case '[':
                    // The words of a link stay; its brackets go where a target follows.
                    if (source[i] == '[' && !links.Begins(i))
                    {
                        text.Append('[');
                    }

                    break;
                case ']' when links.TargetEnd(i) is { } end:
                    i = end;
                    break;
                case '`':
                    break;
                case '*' or '~' when IsMark(source, i):
                    break;
                case '_' when IsMark(source, i) && !IsInsideWord(source, i):
                    break;
                case '<' when TagEnd(source, i) is { } end:
                    AppendTag(source.AsSpan(i + 1, end - i - 1), text);
                    i = end;
                    break;
                default:
                    text.Append(source[i]);
                    break;
            }
        }

        return WebUtility.HtmlDecode(text.ToString());
    }

    /// <summary>A mark touches a word or another mark on at least one side; a star with blanks around it is a star.</summary>
    private static bool IsMark(string source, int i)
    {
        var (before, after) = (i > 0 ? source[i - 1] : ' ', i + 1 < source.Length ? source[i + 1] : ' ');
        return source[i] == '~' ? before == '~' || after == '~' : !(char.IsWhiteSpace(before) && char.IsWhiteSpace(after)) && !(char.IsDigit(before) && char.IsDigit(after));
    }

    private static bool IsInsideWord(string source, int i) =>
        i > 0 && i + 1 < source.Length && (char.IsLetterOrDigit(source[i - 1]) || source[i - 1] == '_') && (char.IsLetterOrDigit(source[i + 1]) || source[i + 1] == '_');

    private static int? TagEnd(string source, int open)
    {
        if (open + 1 >= source.Length || !(char.IsAsciiLetter(source[open + 1]) || source[open + 1] == '/'))
        {
            return null;
        }

        var end = source.AsSpan(open, Math.Min(LongestTag, source.Length - open)).IndexOf('>');
        return end < 0 ? null : open + end;
    }

    /// <summary>An address in angle brackets is text; a tag is not, but a line break is one.</summary>
    private static void AppendTag(ReadOnlySpan<char> tag, StringBuilder text)
    {
        if (tag.Contains("://", StringComparison.Ordinal) && !tag.Contains(' '))
        {
            text.Append(tag);
        }
        else if (tag.StartsWith("br", StringComparison.OrdinalIgnoreCase))
        {
            text.Append('\n');
        }
    }

    /// <summary>Finds out what is a link. A thousand open brackets ask for the same closing one: it is looked for once.</summary>
    private sealed class Links(string source)
    {
        private readonly Ahead text = new(source, ']');
        private readonly Ahead target = new(source, ')');
        private readonly Ahead name = new(source, ']');

        /// <summary>Whether the bracket at <paramref name="open"/> begins the words of a link.</summary>
        public bool Begins(int open) => text.From(open) is { } close && TargetEnd(close) is not null;

        /// <summary>The last character of <c>](target)</c> or <c>][name]</c>; null when the bracket at <paramref name="close"/> has neither.</summary>
        public int? TargetEnd(int close) => close + 2 > source.Length ? null : source[close + 1] switch
        {
            '(' => target.From(close + 2),
            '[' => name.From(close + 2),
            _ => null,
        };
    }

    /// <summary>The next place of a character. The answer to one question answers all up to that place.</summary>
    private sealed class Ahead(string source, char sought)
    {
        private int from = int.MaxValue;
        private int found = -1;

        public int? From(int start)
        {
            if (start < from || start > found)
            {
                var at = source.IndexOf(sought, start);
                (from, found) = (start, at < 0 ? int.MaxValue : at);
            }

            return found == int.MaxValue ? null : found;
        }
    }
}
