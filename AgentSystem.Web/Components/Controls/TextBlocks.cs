using System.Text.RegularExpressions;

namespace AgentSystem.Web.Components.Controls;

/// <summary>A part of a text that is laid out by itself.</summary>
internal abstract record TextBlock;

internal sealed record Paragraph(string Text) : TextBlock;

internal sealed record CodeBlock(string Text) : TextBlock;

internal sealed record ListBlock(bool Ordered, int Start, IReadOnlyList<string> Items) : TextBlock;

internal enum SpanStyle
{
    Plain,
    Strong,
    Code,
}

internal sealed record TextSpan(SpanStyle Style, string Text);

/// <summary>The little of Markdown worth showing in an answer: paragraphs, lists, fenced and inline code, strong words. Everything else stays as it was written.</summary>
internal static partial class TextBlocks
{
    private const string Fence = "```";

    public static IReadOnlyList<TextBlock> Parse(string text)
    {
        var blocks = new List<TextBlock>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length;)
        {
            at = lines[at] switch
            {
                var line when string.IsNullOrWhiteSpace(line) => at + 1,
                var line when line.TrimStart().StartsWith(Fence, StringComparison.Ordinal) => TakeCode(lines, at, blocks),
                var line when Bullet().IsMatch(line) => TakeList(lines, at, Bullet(), ordered: false, blocks),
                var line when Number().IsMatch(line) => TakeList(lines, at, Number(), ordered: true, blocks),
                _ => TakeParagraph(lines, at, blocks),
            };
        }

        return blocks;
    }

    public static IReadOnlyList<TextSpan> Spans(string text)
    {
        var spans = new List<TextSpan>();
        var at = 0;
        foreach (Match match in Marked().Matches(text))
        {
            Plain(text[at..match.Index]);
            spans.Add(match.Groups["code"] is { Success: true } code ? new(SpanStyle.Code, code.Value) : new(SpanStyle.Strong, match.Groups["strong"].Value));
            at = match.Index + match.Length;
        }

        Plain(text[at..]);
        return spans;

        void Plain(string rest)
        {
            if (rest.Length > 0)
            {
                spans.Add(new TextSpan(SpanStyle.Plain, rest));
            }
        }
    }

    private static int TakeCode(string[] lines, int at, List<TextBlock> blocks)
    {
        // A fence still open is a code block still streaming in.
        var end = Array.FindIndex(lines, at + 1, static line => line.TrimStart().StartsWith(Fence, StringComparison.Ordinal));
        var stop = end < 0 ? lines.Length : end;
        blocks.Add(new CodeBlock(string.Join('\n', lines[(at + 1)..stop])));
        return stop + 1;
    }

    private static int TakeList(string[] lines, int at, Regex marker, bool ordered, List<TextBlock> blocks)
    {
        var first = marker.Match(lines[at]);
        var start = ordered && int.TryParse(first.Groups["n"].ValueSpan, out var number) ? number : 1;
        var items = new List<string>();
        for (; at < lines.Length && marker.Match(lines[at]) is { Success: true } match; at++)
        {
            items.Add(lines[at][match.Length..]);
        }

        blocks.Add(new ListBlock(ordered, start, items));
        return at;
    }

    private static int TakeParagraph(string[] lines, int at, List<TextBlock> blocks)
    {
        var start = at;
        while (at < lines.Length && !string.IsNullOrWhiteSpace(lines[at]) && (at == start || !StartsBlock(lines[at])))
        {
            at++;
        }

        blocks.Add(new Paragraph(string.Join('\n', lines[start..at])));
        return at;
    }

    private static bool StartsBlock(string line) =>
        line.TrimStart().StartsWith(Fence, StringComparison.Ordinal) || Bullet().IsMatch(line) || Number().IsMatch(line);

    [GeneratedRegex(@"^\s{0,3}[-*•]\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Bullet();

    [GeneratedRegex(@"^\s{0,3}(?<n>\d{1,6})[.)]\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"`(?<code>[^`\n]+)`|\*\*(?<strong>[^*\n]+)\*\*", RegexOptions.CultureInvariant)]
    private static partial Regex Marked();
}
