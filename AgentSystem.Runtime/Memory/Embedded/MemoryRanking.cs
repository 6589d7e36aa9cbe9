namespace AgentSystem.Runtime.Memory.Embedded;

/// <summary>
/// Decides what fits a query, and in which order. A statement fits when it contains enough of the query's content words; vectors only order what fits,
/// because a near vector without a shared word is how a memory about someone else gets told.
/// </summary>
internal static class MemoryRanking
{
    /// <summary>Smallest share of the query's content words a statement must contain (a nearly matching word counts <see cref="WordMatch.Near"/>). One word of two is not enough.</summary>
    public const double MinimumCoverage = 0.55;

    // Score = these three times, in their order: the share of the query that is found; how much of the statement, up to the last word found,
    // the query asked for ("my name" fits "my name is Ann" better than "my brother's name is Ben"); and the vectors' similarity.
    private const double CoverageWeight = 0.7;
    private const double FocusWeight = 0.2;
    private const double CosineWeight = 0.1;

    /// <summary>The fitting statements, best first. Of two that say something about the same subject the newer comes first.</summary>
    public static IReadOnlyList<RecalledMemory> Rank(string query, IEnumerable<Candidate> candidates, int limit)
    {
        var wanted = Words.Of(query).Where(Words.IsContent).Distinct().ToList();
        if (wanted.Count == 0)
        {
            return [];
        }

        var fitting = candidates
            .Select(candidate => Fit.Of(wanted, candidate))
            .Where(fit => fit.Coverage >= MinimumCoverage)
            .OrderByDescending(fit => fit.Score)
            .ThenByDescending(fit => fit.Candidate.At)
            .ToList();
        PutNewerFirst(fitting);
        return [.. fitting.Take(limit).Select(fit => new RecalledMemory(fit.Candidate.Id, fit.Candidate.Text, fit.Score, fit.Candidate.At))];
    }

    /// <summary>Within each group about one subject, hands the group's places and scores to its members from the newest to the oldest.</summary>
    private static void PutNewerFirst(List<Fit> fitting)
    {
        foreach (var group in fitting.Index().GroupBy(entry => entry.Item.Subject, StringComparer.Ordinal).Where(group => group.Count() > 1).ToList())
        {
            var places = group.Select(entry => (entry.Index, entry.Item.Score)).ToList();
            foreach (var (fit, place) in group.Select(entry => entry.Item).OrderByDescending(fit => fit.Candidate.At).Zip(places))
            {
                fitting[place.Index] = fit with { Score = place.Score };
            }
        }
    }

    /// <summary>A statement that may fit.</summary>
    public sealed record Candidate(string Id, string Text, DateTimeOffset At, float Cosine);

    /// <param name="Subject">The statement's words up to the last one the query asked for: two statements with the same beginning speak of the same subject.</param>
    private sealed record Fit(Candidate Candidate, double Coverage, double Score, string Subject)
    {
        public static Fit Of(List<string> wanted, Candidate candidate)
        {
            var words = Words.Of(candidate.Text);
            var found = 0.0;
            var last = -1;
            var asked = new bool[words.Count];
            foreach (var want in wanted)
            {
                var best = words.Select((word, index) => (Score: WordMatch.Score(want, word), Index: index)).DefaultIfEmpty().MaxBy(match => match.Score);
                if (best.Score > 0)
                {
                    found += best.Score;
                    asked[best.Index] = true;
                    last = Math.Max(last, best.Index);
                }
            }

            var coverage = found / wanted.Count;
            var subject = words.Take(last + 1).ToList();
            var focus = last < 0 ? 0 : (double)asked.Count(word => word) / subject.Where((word, index) => asked[index] || Words.IsContent(word)).Count();
            var score = (CoverageWeight * coverage) + (FocusWeight * focus) + (CosineWeight * Math.Clamp(candidate.Cosine, 0, 1));
            return new Fit(candidate, coverage, score, string.Join(' ', subject));
        }
    }
}
