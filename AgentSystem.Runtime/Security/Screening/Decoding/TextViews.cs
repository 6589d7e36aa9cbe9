using AgentSystem.Runtime.Security.Screening.Folding;

namespace AgentSystem.Runtime.Security.Screening.Decoding;

/// <summary>All readings of one text.</summary>
/// <param name="Views">The plain one first.</param>
/// <param name="Traits">What is odd about the text itself.</param>
internal sealed record TextReadings(IReadOnlyList<TextView> Views, FoldTraits Traits);

/// <summary>Reads a text in every way that may carry a message. The number of views, the depth and their total size are bounded, so the time is linear in the text.</summary>
internal static class TextViews
{
    /// <summary>Most codings on top of one another that are taken off.</summary>
    public const int MaxDepth = 3;

    /// <summary>Most views of one text.</summary>
    public const int MaxViews = 16;

    /// <summary>All views together are at most this many times the text, and never more than so many characters above it.</summary>
    public const int MaxGrowth = 4, Allowance = 4_096;

    /// <summary>The readings of a text.</summary>
    public static TextReadings Of(string text)
    {
        var first = TextFolder.Fold(text);
        var views = new List<TextView> { new("plain", first.Text, 0) };
        var seen = new HashSet<string>(StringComparer.Ordinal) { first.Text };
        var left = (text.Length * MaxGrowth) + Allowance;
        Add("lookalikes", first.Imitated, 1);
        var queue = new Queue<(string Original, FoldedText Folded, int Depth)>();
        queue.Enqueue((text, first, 0));
        while (queue.TryDequeue(out var each) && views.Count < MaxViews)
        {
            foreach (var decoded in Decode(each.Original, each.Folded))
            {
                if (views.Count >= MaxViews)
                {
                    break;
                }

                var folded = TextFolder.Fold(decoded.Text);
                if (!Add(decoded.Name, folded.Text, each.Depth + 1))
                {
                    continue;
                }

                Add("lookalikes", folded.Imitated, each.Depth + 1);
                if (each.Depth + 1 < MaxDepth)
                {
                    queue.Enqueue((decoded.Text, folded, each.Depth + 1));
                }
            }
        }

        return new TextReadings(views, first.Traits);

        bool Add(string name, string? view, int depth)
        {
            if (string.IsNullOrWhiteSpace(view) || view.Length > left || views.Count >= MaxViews || !seen.Add(view))
            {
                return false;
            }

            left -= view.Length;
            views.Add(new TextView(name, view, depth));
            return true;
        }
    }

    private static IEnumerable<Decoded> Decode(string original, FoldedText folded) =>
        MarkupDecoders.Unseen(original)
            .Concat(ByteDecoders.Find(original))
            .Concat(LetterDecoders.Find(folded.Text))
            .Concat(folded.Imitated is { } imitated ? LetterDecoders.Find(imitated) : [])
            .Concat(MarkupDecoders.Find(original));
}
