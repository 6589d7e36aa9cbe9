using System.Text;

namespace AgentSystem.Runtime.Documents.PdfPig;

/// <summary>A line of a page.</summary>
/// <param name="X">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Y">Its baseline.</param>
/// <param name="Size">Height of most of its glyphs.</param>
internal sealed record PdfLine(string Text, double X, double End, double Y, double Size, int Page);

/// <summary>
/// Puts glyphs into lines and lines into paragraphs. The order is the one in which the page paints them, which follows columns where the writing program did.
/// All distances are measured in heights of the font, so that scale does not matter.
/// </summary>
internal static class PdfLayout
{
    private const double SameLine = 0.5;
    private const double WordGap = 0.15;
    private const double JumpBack = 1.5;
    private const double ParagraphGap = 1.7;
    private const double LargerThanText = 1.15;
    private const int LongestHeading = 120;

    /// <summary>The lines of one page.</summary>
    public static IEnumerable<PdfLine> Lines(IReadOnlyList<PdfGlyph> glyphs, int page)
    {
        var text = new StringBuilder();
        PdfGlyph first = default, last = default;
        foreach (var glyph in glyphs)
        {
            if (text.Length > 0)
            {
                var size = Math.Max(Math.Max(glyph.Size, last.Size), 1);
                if (Math.Abs(glyph.Y - last.Y) > size * SameLine || glyph.X < last.End - (size * JumpBack))
                {
                    yield return Line(text, first, last, page);
                    text.Clear();
                }
                else if (glyph.X - last.End > size * WordGap && text[^1] != ' ' && glyph.Text[0] != ' ')
                {
                    text.Append(' ');
                }
            }

            if (text.Length == 0)
            {
                first = glyph;
            }

            text.Append(glyph.Text);
            last = glyph;
        }

        if (text.Length > 0)
        {
            yield return Line(text, first, last, page);
        }
    }

    /// <summary>Paragraphs and headings of all pages.</summary>
    public static List<TextBlock> Blocks(IReadOnlyList<PdfLine> all)
    {
        var lines = all.Select(line => line with { Text = TextLines.Clean(line.Text) }).Where(line => line.Text.Length > 0).ToList();
        if (lines.Count == 0)
        {
            return [];
        }

        // The size in which most characters are set is the text's; larger ones make the outline.
        var body = lines.GroupBy(line => line.Size).MaxBy(size => size.Sum(line => line.Text.Length))!.Key;
        var levels = lines.Select(line => line.Size).Where(size => size > body * LargerThanText).Distinct().OrderDescending().ToList();
        var blocks = new List<TextBlock>();
        var paragraph = new List<PdfLine>();
        foreach (var line in lines)
        {
            if (paragraph.Count > 0 && !Continues(paragraph[^1], line))
            {
                blocks.Add(Block(paragraph, levels));
                paragraph.Clear();
            }

            paragraph.Add(line);
        }

        blocks.Add(Block(paragraph, levels));
        return blocks;
    }

    private static PdfLine Line(StringBuilder text, PdfGlyph first, PdfGlyph last, int page) => new(text.ToString(), first.X, last.End, first.Y, Math.Round(first.Size, 1), page);

    private static bool Continues(PdfLine before, PdfLine line)
    {
        var down = before.Y - line.Y;
        return line.Page == before.Page && Math.Abs(line.Size - before.Size) < 0.5 && down > -SameLine && down < Math.Max(before.Size, 1) * ParagraphGap;
    }

    private static TextBlock Block(List<PdfLine> lines, List<double> levels)
    {
        var text = new StringBuilder(lines[0].Text);
        var right = lines.Max(line => line.End);
        foreach (var (before, line) in lines.Zip(lines.Skip(1)))
        {
            if (IsBroken(text, line.Text))
            {
                // A word that was broken at the end of its line is one word.
                text.Length--;
                text.Append(line.Text);
            }
            else
            {
                text.Append(IsWrap(before, line, right) ? ' ' : '\n').Append(line.Text);
            }
        }

        var level = levels.IndexOf(lines[0].Size) + 1;
        return level > 0 && text.Length <= LongestHeading
            ? new TextBlock(Math.Min(level, 6), text.Replace('\n', ' ').ToString(), lines[0].Page)
            : new TextBlock(0, text.ToString(), lines[0].Page);
    }

    private static bool IsBroken(StringBuilder text, string next) => text.Length > 1 && text[^1] == '-' && char.IsLower(text[^2]) && char.IsLower(next[0]);

    /// <summary>As in plain text: the next line's first word would not have fitted.</summary>
    private static bool IsWrap(PdfLine before, PdfLine line, double right)
    {
        if (TextLines.IsItem(line.Text))
        {
            return false;
        }

        var blank = line.Text.IndexOf(' ', StringComparison.Ordinal);
        var share = blank < 0 ? 1 : (double)blank / line.Text.Length;
        return before.End + ((line.End - line.X) * share) + (before.Size * WordGap) > right;
    }
}
