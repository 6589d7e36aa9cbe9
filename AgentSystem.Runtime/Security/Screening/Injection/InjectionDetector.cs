using System.Collections.Concurrent;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Screening.Decoding;

namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>What was found of injections in a text.</summary>
/// <param name="Severity">None: nothing was detected.</param>
/// <param name="Score">0 to 1; from 0.5 on it is a detection.</param>
/// <param name="Signals">Names of rules and models that speak for it, the strongest first.</param>
/// <param name="View">How the text was read where it was found: <c>plain</c>, <c>base64</c> and so on.</param>
/// <param name="Harm">0 to 1: how much the text asks for harm, from 0.5 on a finding of the content filter.</param>
/// <param name="Hidden">0 to 1: how much of the text is made not to be seen or read.</param>
internal sealed record InjectionFinding(ScreenSeverity Severity, double Score, IReadOnlyList<string> Signals, string View, double Harm, double Hidden)
{
    /// <summary>True when the text is flagged.</summary>
    public bool Detected => Severity > ScreenSeverity.None;
}

/// <summary>Detects injections: rules and linear models over every reading of a text, with thresholds by where the text comes from.</summary>
internal sealed class InjectionDetector(InjectionModel model)
{
    private const string ModelSignal = "model", HiddenSignal = "hidden_text", EncodedSignal = "encoded_order";
    private const int HiddenLetters = 8, MostSignals = 6;

    private readonly ConcurrentBag<InjectionScorer> scorers = [];

    /// <summary>Looks at a text.</summary>
    /// <param name="readings">All readings of the text.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="quoted">True when the caller says that it is code, a quotation or a lesson: then nothing in it is certain.</param>
    public InjectionFinding Look(TextReadings readings, ScreenSource source, bool quoted)
    {
        var scorer = scorers.TryTake(out var idle) ? idle : new InjectionScorer(model);
        ViewScore[] scores = [.. readings.Views.Select(scorer.Score)];
        scorers.Add(scorer);
        var limits = model.Thresholds[(int)source];
        var best = scores.MaxBy(score => Margin(score, limits))!;
        var margin = Margin(best, limits);
        var signals = best.Rules.Rules.OrderByDescending(static rule => rule.Confidence).Select(static rule => rule.Name).Prepend(ModelSignal).Take(MostSignals).ToList();
        var hidden = scores.FirstOrDefault(static score => score.View.Name is "tags" or "variation" && score.View.Text.Count(char.IsLetter) >= HiddenLetters);
        if (hidden is not null && margin <= 0)
        {
            (best, margin, signals) = (hidden, .1, [HiddenSignal]);
        }

        var encoded = scores.FirstOrDefault(static score => score.View.Hidden && score.View.Name is not ("lookalikes" or "spaced"));
        if (encoded is not null && margin <= 0 && scores[0].Rules.Rules.Any(static rule => rule.Name == "decode_obey"))
        {
            (best, margin, signals) = (encoded, .1, [EncodedSignal]);
        }

        var harm = scores.Max(static score => score.Harm) - limits.Harm;
        return new InjectionFinding(SeverityOf(best, margin, limits, source, quoted), Math.Round(Sigmoid(margin), 4), margin > 0 ? signals : [], best.View.Name, Math.Round(Sigmoid(harm), 4), HiddenShare(readings));
    }

    private static double Margin(ViewScore score, InjectionThresholds limits) => Math.Max(score.Request - limits.Request, score.Segment - limits.Segment);

    private static ScreenSeverity SeverityOf(ViewScore best, double margin, InjectionThresholds limits, ScreenSource source, bool quoted)
    {
        if (margin <= 0)
        {
            return ScreenSeverity.None;
        }

        var rule = best.Rules.Rules.Any(static each => each.High);
        // Whoever speaks about injections quotes them: that is watched and never blocked.
        var about = quoted || best.Rules.Hits.Any(static hit => hit.Concept == InjectionRules.About);
        var certain = (source == ScreenSource.User ? best.Request : best.Segment) > limits.Certain;
        return certain && rule && !about ? ScreenSeverity.Critical : rule || certain ? ScreenSeverity.High : ScreenSeverity.Medium;
    }

    private static double HiddenShare(TextReadings readings)
    {
        var traits = readings.Traits;
        var odd = traits.Splitting + traits.Styled + (4 * traits.MixedWords) + (4 * traits.Overrides) + traits.Marks;
        return Math.Round(Math.Min(1, Math.Max((double)odd / Math.Max(1, traits.Letters), readings.Views.Any(static view => view.Hidden && view.Name is not "lookalikes") ? .5 : 0)), 4);
    }

    private static double Sigmoid(double logOdds) => 1 / (1 + Math.Exp(-logOdds));
}
