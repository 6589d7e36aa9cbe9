using System.Text;
using System.Text.RegularExpressions;
using AgentSystem.Runtime.Documents.Text;

namespace AgentSystem.Runtime.Documents.Markdown;

/// <summary>Markdown: headings make the outline, marks of emphasis go, and what links point to goes too. Code keeps its lines as they are.</summary>
internal sealed partial class MarkdownFormat : IDocumentFormat
{
    public string MediaType => MediaTypes.Markdown;

    public Extraction Extract(ReadOnlyMemory<byte> content, DocumentsOptions limits, CancellationToken stop)
    {
        if (TextDecoder.Decode(content.Span) is not { } text)
        {
            return new Extraction.Refused(TextDecoder.Refusal);
        }

        var reader = new Reader();
        foreach (var line in TextLines.Split(text))
        {
            stop.ThrowIfCancellationRequested();
            reader.Take(line);
        }

        return new Extraction.Text(reader.Finish());
    }

    /// <summary>Walks the lines once (CommonMark 0.31, sections 4 and 5, as far as they say what is text). Its work grows with the text, not with the text's square.</summary>
    private sealed class Reader
    {
        private readonly List<TextBlock> blocks = [];
        private readonly StringBuilder paragraph = new();
        private string? fence;
        private bool comment;

        public void Take(string raw)
        {
            if (fence is not null)
            {
                TakeCode(raw);
                return;
            }

            var line = Quote().Replace(WithoutComments(raw), "").Trim();
            if (Fence().Match(line) is { Success: true } opening)
            {
                Flush();
                fence = opening.Groups["fence"].Value;
            }
            else if (line.Length == 0)
            {
                Flush();
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                Flush();
                Add(heading.Groups["marks"].Length, heading.Groups["text"].Value);
            }
            else if (paragraph.Length > 0 && Underline().IsMatch(line))
            {
                var level = line[0] == '=' ? 1 : 2;
                var text = paragraph.ToString();
                paragraph.Clear();
                Add(level, text);
            }
            else if (!Rule().IsMatch(line))
            {
                TakeText(raw, line);
            }
            else
            {
                Flush();
            }
        }

        public List<TextBlock> Finish()
        {
            Flush();
            return blocks;
        }

        private void TakeCode(string raw)
        {
            if (raw.Trim().StartsWith(fence!, StringComparison.Ordinal) && raw.Trim().Trim(fence![0]).Length == 0)
            {
                fence = null;
                Flush(inline: false);
            }
            else if (TextLines.Clean(raw) is { Length: > 0 } code)
            {
                Append('\n', code);
            }
        }

        /// <summary>A line end inside a paragraph is a blank, unless an item, a row of a table or a hard break follows or precedes.</summary>
        private void TakeText(string raw, string line)
        {
            var row = line.StartsWith('|');
            if (row && TableRule().IsMatch(line))
            {
                return;
            }

            var text = row ? line.Trim('|').Trim() : line;
            var soft = !row && !TextLines.IsItem(line) && paragraph.Length > 0 && paragraph[^1] != '\n';
            var hard = row || raw.EndsWith("  ", StringComparison.Ordinal) || raw.EndsWith('\\');
            Append(soft ? ' ' : '\n', hard ? text.TrimEnd('\\') + "\n" : text);
        }

        private void Append(char separator, string text)
        {
            if (paragraph.Length > 0)
            {
                paragraph.Append(separator);
            }

            paragraph.Append(text);
        }

        private void Flush(bool inline = true)
        {
            if (paragraph.Length > 0)
            {
                var text = paragraph.ToString();
                paragraph.Clear();
                if (TextLines.CleanAll(inline ? MarkdownInline.Text(text) : text) is { Length: > 0 } clean)
                {
                    blocks.Add(new TextBlock(0, clean));
                }
            }
        }

        private void Add(int level, string text)
        {
            if (TextLines.Clean(MarkdownInline.Text(text)) is { Length: > 0 } clean)
            {
                blocks.Add(new TextBlock(level, clean));
            }
        }

        private string WithoutComments(string line)
        {
            if (!comment && !line.Contains("<!--", StringComparison.Ordinal))
            {
                return line;
            }

            var seen = new StringBuilder();
            var rest = line.AsSpan();
            while (true)
            {
                if (comment)
                {
                    var end = rest.IndexOf("-->", StringComparison.Ordinal);
                    if (end < 0)
                    {
                        return seen.ToString();
                    }

                    comment = false;
                    rest = rest[(end + 3)..];
                }

                var start = rest.IndexOf("<!--", StringComparison.Ordinal);
                if (start < 0)
                {
                    return seen.Append(rest).ToString();
                }

                comment = true;
                seen.Append(rest[..start]);
                rest = rest[(start + 4)..];
            }
        }
    }

    [GeneratedRegex(@"^(?: {0,3}> ?)+", RegexOptions.NonBacktracking)]
    private static partial Regex Quote();

    [GeneratedRegex(@"^(?<fence>`{3,}|~{3,})[^`]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(?<marks>#{1,6})(?:[ \t]+(?<text>.*?))?[ \t]*#*$", RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(?:=+|-{2,})$", RegexOptions.NonBacktracking)]
    private static partial Regex Underline();

    [GeneratedRegex(@"^(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$", RegexOptions.NonBacktracking)]
    private static partial Regex Rule();

    [GeneratedRegex(@"^\|?[ :|-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex TableRule();
}
