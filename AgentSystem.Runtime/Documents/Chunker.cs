namespace AgentSystem.Runtime.Documents;

/// <summary>A piece of a document, as it is searched and quoted.</summary>
/// <param name="Heading">The headings it stands under, outermost first, joined by <see cref="Chunker.PathSeparator"/>; null at the top.</param>
/// <param name="Page">The page it begins on.</param>
/// <param name="Text">Lines end with <c>\n</c>, paragraphs with <c>\n\n</c>.</param>
internal sealed record Chunk(string? Heading, int? Page, string Text);

/// <summary>
/// Cuts a document into pieces: never across a heading, preferably between paragraphs, otherwise between sentences; inside a sentence only
/// where it is longer than a piece may be. No text is lost and the order stays.
/// </summary>
internal static class Chunker
{
    /// <summary>A piece this long ends with its paragraph, in characters.</summary>
    public const int Enough = 800;

    /// <summary>Longest piece, in characters.</summary>
    public const int Longest = 1_200;

    /// <summary>A longer heading is text that was marked as one.</summary>
    public const int LongestHeading = 200;

    /// <summary>Stands between the headings of a path.</summary>
    public const string PathSeparator = " > ";

    public static IReadOnlyList<Chunk> Cut(IEnumerable<TextBlock> blocks, CancellationToken cancellation = default)
    {
        var chunks = new List<Chunk>();
        var path = new List<TextBlock>();
        var piece = new Piece(chunks, cancellation);
        var bare = false;
        foreach (var block in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            if (block.Level > 0 && block.Text.Length <= LongestHeading && !block.Text.Contains('\n', StringComparison.Ordinal))
            {
                piece.Finish();
                if (bare && path[^1].Level >= block.Level)
                {
                    AddBareHeading(path, chunks);
                }

                path.RemoveAll(above => above.Level >= block.Level);
                path.Add(block);
                piece.Heading = PathOf(path);
                bare = true;
                continue;
            }

            bare = false;
            piece.Add(block);
        }

        piece.Finish();
        if (bare)
        {
            AddBareHeading(path, chunks);
        }

        return chunks;
    }

    /// <summary>A heading under which nothing stands is a piece by itself, or its words were lost.</summary>
    private static void AddBareHeading(List<TextBlock> path, List<Chunk> chunks) =>
        chunks.Add(new Chunk(path.Count > 1 ? PathOf(path[..^1]) : null, path[^1].Page, path[^1].Text));

    private static string PathOf(List<TextBlock> path) => string.Join(PathSeparator, path.Select(heading => heading.Text));

    /// <summary>The piece being filled.</summary>
    private sealed class Piece(List<Chunk> chunks, CancellationToken cancellation)
    {
        private readonly System.Text.StringBuilder text = new();
        private int? page;

        public string? Heading { get; set; }

        public void Add(TextBlock paragraph)
        {
            if (text.Length >= Enough || (text.Length > 0 && paragraph.Text.Length <= Longest && text.Length + 2 + paragraph.Text.Length > Longest && text.Length >= Enough / 2))
            {
                Finish();
            }

            var end = 0;
            foreach (var sentence in Sentences.In(paragraph.Text))
            {
                Add(end == 0 ? "\n\n" : paragraph.Text.AsSpan(end..sentence.Start.Value), paragraph.Text.AsSpan(sentence), paragraph.Page);
                end = sentence.End.Value;
            }
        }

        public void Finish()
        {
            if (text.Length > 0)
            {
                chunks.Add(new Chunk(Heading, page, text.ToString()));
                text.Clear();
            }
        }

        // Spans, not texts: a sentence of megabytes, cut a thousand times, must not be copied each time.
        private void Add(ReadOnlySpan<char> separator, ReadOnlySpan<char> sentence, int? on)
        {
            if (text.Length + separator.Length + sentence.Length > Longest)
            {
                Finish();
                separator = default;
            }

            while (sentence.Length > Longest)
            {
                cancellation.ThrowIfCancellationRequested();
                var cut = CutBefore(sentence);
                chunks.Add(new Chunk(Heading, on, sentence[..cut].TrimEnd().ToString()));
                sentence = sentence[cut..].TrimStart();
            }

            if (text.Length == 0)
            {
                page = on;
                separator = default;
            }

            text.Append(separator).Append(sentence);
        }

        /// <summary>The last blank of the first <see cref="Longest"/> characters, or that many, and never between the halves of one character.</summary>
        private static int CutBefore(ReadOnlySpan<char> sentence)
        {
            var blank = sentence[..Longest].LastIndexOf(' ');
            return blank > Longest / 2 ? blank : char.IsLowSurrogate(sentence[Longest]) ? Longest - 1 : Longest;
        }
    }
}
