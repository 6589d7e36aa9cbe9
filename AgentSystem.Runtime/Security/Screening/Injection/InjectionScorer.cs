using AgentSystem.Runtime.Security.Screening.Decoding;

namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>The numbers of one view of a text.</summary>
/// <param name="Request">Log-odds of the model of requests: the highest of the view's windows.</param>
/// <param name="Segment">Log-odds of the model of sentences: the highest of the view's segments.</param>
/// <param name="Harm">Log-odds of the model of harmful requests: the highest of the windows.</param>
/// <param name="Rules">What the rules found in the view.</param>
internal sealed record ViewScore(TextView View, double Request, double Segment, double Harm, RuleFindings Rules);

/// <summary>Scores views of texts. Not for several threads at once: it keeps its tables between texts.</summary>
internal sealed class InjectionScorer(InjectionModel model)
{
    /// <summary>Characters of a window; longer texts are scored window by window, each overlapping the one before by a quarter.</summary>
    public const int Window = 1_600;

    private static readonly string[] Ties = ["tie 0", "tie 1", "tie 2", "tie 3", "tie 4"];

    private readonly InjectionFeatures features = new();
    private readonly SegmentTies ties = new();

    /// <summary>Scores one view.</summary>
    public ViewScore Score(TextView view)
    {
        var (request, harm) = (double.NegativeInfinity, double.NegativeInfinity);
        foreach (var (start, length) in Windows(view.Text))
        {
            var found = RequestFeatures(features, view.Text.AsSpan(start, length));
            (request, harm) = (Math.Max(request, model.Request.Score(found)), Math.Max(harm, model.Harm.Score(found)));
        }

        var segment = double.NegativeInfinity;
        var segments = TextSegments.Of(view.Text);
        var tied = ties.Of(view.Text, segments);
        for (var i = 0; i < segments.Count; i++)
        {
            segment = Math.Max(segment, model.Segment.Score(SegmentFeatures(features, view.Text, segments[i], tied[i])));
        }

        return new ViewScore(view, request, segment, harm, InjectionRules.Find(view.Text));
    }

    /// <summary>The windows of a text.</summary>
    public static IEnumerable<(int Start, int Length)> Windows(string text)
    {
        for (var start = 0; ; start += Window * 3 / 4)
        {
            yield return (start, Math.Min(Window, text.Length - start));
            if (start + Window >= text.Length)
            {
                yield break;
            }
        }
    }

    /// <summary>The features of a request or a window of it.</summary>
    public static IReadOnlyList<int> RequestFeatures(InjectionFeatures features, ReadOnlySpan<char> text) => features.Of(text, InjectionRules.Find(text));

    /// <summary>The features of a segment, its place and what it has to do with the others included.</summary>
    public static IReadOnlyList<int> SegmentFeatures(InjectionFeatures features, string text, TextSegment segment, SegmentTie tie)
    {
        var span = text.AsSpan(segment.Start, segment.Length);
        var found = features.Of(span, InjectionRules.Find(span));
        for (var bit = 1; bit <= (int)SegmentPlace.InCode; bit <<= 1)
        {
            if (((int)segment.Place & bit) != 0)
            {
                features.Add(bit switch { 1 => "place first", 2 => "place last", 4 => "place row", 8 => "place among rows", 16 => "place before code", _ => "place in code" });
            }
        }

        features.Add(Ties[tie.Tie]);
        if (tie.You)
        {
            features.Add(tie.OthersYou ? "you again" : tie.Tie == SegmentTies.Alone ? "you alone" : "you only here");
        }

        if (tie.Ai)
        {
            features.Add(tie.OthersAi ? "ai again" : tie.Tie == SegmentTies.Alone ? "ai alone" : "ai only here");
        }
        else if (tie.OthersAi)
        {
            features.Add(tie.AiBefore ? "ai before" : "ai elsewhere");
        }

        return found;
    }
}
