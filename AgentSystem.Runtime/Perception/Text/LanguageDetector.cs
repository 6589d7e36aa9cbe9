using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>Names the language of a text: by its writing where one language owns it, otherwise by the pieces its words are made of (naive Bayes over <see cref="LanguageProfiles"/>).</summary>
internal static class LanguageDetector
{
    /// <summary>Code of a text whose language cannot be told (ISO 639-2).</summary>
    public const string Undetermined = "und";

    /// <summary>What is looked at of a long text, in characters: more changes nothing.</summary>
    private const int Enough = 4_000;

    /// <summary>Fewer pieces than a word of three letters has say nothing.</summary>
    private const int FewestPieces = 9;

    private const int MostAlternatives = 2;

    /// <summary>Pieces overlap, so their evidence is not independent: three lengths over each letter count about once.</summary>
    private const double Overlap = 3;

    /// <summary>Letters beyond which doubt no longer shrinks; keeps the figure from claiming certainty.</summary>
    private const double MostCertain = 0.99;

    public static LanguageFacts Detect(ReadOnlySpan<char> text)
    {
        var looked = text.Length > Enough ? text[..Enough] : text;
        if (Scripts.Dominant(looked) is not { } script)
        {
            return new LanguageFacts(Undetermined, null, 0, []);
        }

        var (scores, pieces) = LanguageProfiles.Instance.Score(script, looked);
        return scores.Count switch
        {
            0 => new LanguageFacts(Undetermined, script, 0, []),
            1 => new LanguageFacts(scores[0].Code, script, MostCertain, []),
            _ when pieces < FewestPieces => new LanguageFacts(Undetermined, script, 0, []),
            _ => Best(script, scores),
        };
    }

    private static LanguageFacts Best(string script, IReadOnlyList<(string Code, double Likelihood)> scores)
    {
        var best = scores.Max(static score => score.Likelihood);
        var weights = scores.Select(score => (score.Code, Weight: Math.Exp((score.Likelihood - best) / Overlap))).OrderByDescending(static each => each.Weight).ToArray();
        var all = weights.Sum(static each => each.Weight);
        var named = weights.Select(each => new LanguageGuess(each.Code, Math.Round(Math.Min(each.Weight / all, MostCertain), 2))).ToArray();
        return new LanguageFacts(named[0].Code, script, named[0].Confidence, [.. named.Skip(1).Take(MostAlternatives).Where(static guess => guess.Confidence >= 0.01)]);
    }
}
