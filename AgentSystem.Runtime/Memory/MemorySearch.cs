using System.Globalization;
using AgentSystem.Contracts.Memory;
using AgentSystem.Runtime.Memory.Embedded;
using AgentSystem.Runtime.Memory.Graph;
using AgentSystem.Runtime.Memory.Retrieval;
using Microsoft.Extensions.Options;

namespace AgentSystem.Runtime.Memory;

/// <summary>Finds memories by several strategies at once and joins what they say.</summary>
public sealed class MemorySearch
{
    /// <summary>Most memories one strategy ranks.</summary>
    private const int Candidates = 128;

    /// <summary>Vectors nearer than this, and than half of the nearest one's, count.</summary>
    private const float LeastCosine = 0.12f;

    private const int LongestName = 4;
    private const int SeedHits = 5;

    private readonly IMemoryFinder finder;
    private readonly IMemoryIndex index;
    private readonly IMemoryEmbedding embedding;
    private readonly MemoryTelemetry telemetry;
    private readonly IOptions<MemoryOptions> options;
    private readonly TimeProvider time;

    internal MemorySearch(IMemoryFinder finder, IMemoryIndex index, IMemoryEmbedding embedding, MemoryTelemetry telemetry, IOptions<MemoryOptions> options, TimeProvider time) =>
        (this.finder, this.index, this.embedding, this.telemetry, this.options, this.time) = (finder, index, embedding, telemetry, options, time);

    /// <summary>The hits, best first, with the strategies that were used and the time that was read in the query.</summary>
    public async Task<MemoryFound> FindAsync(MemoryQuestion question, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        var started = time.GetTimestamp();
        var wanted = WordRanking.Wanted(question.Query);
        var window = TimeExpressions.Read(question.Query, time.GetUtcNow());
        var things = await finder.KnownAsync(question.Scope, Names(question.Query), cancellation).ConfigureAwait(false);
        var strategies = question.Strategies is { Count: > 0 } given ? [.. given.Distinct()] : StrategyChoice.For(question.Query, window, things.Count > 0);
        // Where the query speaks of a time and nobody set one, memories of that time are meant.
        var asked = window is not null && question is { From: null, To: null, AsOf: null } && strategies.Contains(MemorySearchStrategy.Temporal)
            ? question with { From = window.From, To = window.To }
            : question;
        var (state, degraded) = (new SearchState(), new List<string>());
        IReadOnlyList<string> nearest = [];
        if (strategies.Contains(MemorySearchStrategy.Semantic) || (strategies.Contains(MemorySearchStrategy.Graph) && things.Count == 0))
        {
            nearest = await SemanticAsync(asked, strategies.Contains(MemorySearchStrategy.Semantic), state, degraded, cancellation).ConfigureAwait(false);
        }

        if (strategies.Contains(MemorySearchStrategy.Lexical))
        {
            await LexicalAsync(asked, wanted, state, cancellation).ConfigureAwait(false);
        }

        if (strategies.Contains(MemorySearchStrategy.Graph))
        {
            await GraphAsync(asked, wanted, things, nearest, state, cancellation).ConfigureAwait(false);
        }

        if (strategies.Contains(MemorySearchStrategy.Temporal))
        {
            await TemporalAsync(asked, wanted, window, state, cancellation).ConfigureAwait(false);
        }

        var hits = state.Hits(question.Limit);
        telemetry.Searched(strategies, hits.Count, time.GetElapsedTime(started));
        return new MemoryFound(hits, null, strategies, window, degraded);
    }

    /// <summary>Every run of up to four words of the query, as a thing's name would be folded.</summary>
    internal static IReadOnlyCollection<string> Names(string query)
    {
        var words = Words.Of(query);
        return [.. Enumerable.Range(0, Math.Min(words.Count, 100))
            .SelectMany(start => Enumerable.Range(1, Math.Min(LongestName, words.Count - start)).Select(length => words.Skip(start).Take(length).ToList()))
            .Where(static run => run.Count > 1 || Words.IsContent(run[0])).Select(static run => string.Join(' ', run)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The ids that are nearest; they count as hits only where <paramref name="counts"/>.</summary>
    private async Task<IReadOnlyList<string>> SemanticAsync(MemoryQuestion question, bool counts, SearchState state, List<string> degraded, CancellationToken cancellation)
    {
        IReadOnlyList<NearMemory> near;
        try
        {
            var vectors = await embedding.EmbedAsync(question.Scope.Tenant, [question.Query], cancellation).ConfigureAwait(false);
            near = await index.NearestAsync(question.Scope, embedding.Id, vectors[0], Candidates, cancellation).ConfigureAwait(false);
        }
        catch (MemoryEmbeddingException e)
        {
            degraded.Add($"semantic: {e.Message}");
            return [];
        }

        var least = near.Count == 0 ? 0 : Math.Max(LeastCosine, near[0].Cosine / 2);
        var cosines = near.Where(one => one.Cosine >= least).ToDictionary(static one => one.Id, static one => one.Cosine, StringComparer.Ordinal);
        var found = await finder.ByIdsAsync(question, cosines.Keys, cancellation).ConfigureAwait(false);
        var ranked = found.OrderByDescending(memory => cosines[memory.Id]).ThenByDescending(static memory => memory.At).ToList();
        if (counts)
        {
            state.Add(MemorySearchStrategy.Semantic, ranked.Select(memory => (memory, string.Create(CultureInfo.InvariantCulture, $"near in meaning: cosine {cosines[memory.Id]:0.00} by {embedding.Id}"))));
        }

        return [.. ranked.Take(SeedHits).Select(static memory => memory.Id)];
    }

    private async Task LexicalAsync(MemoryQuestion question, IReadOnlyList<string> wanted, SearchState state, CancellationToken cancellation)
    {
        var found = (await finder.ByWordsAsync(question, wanted, Candidates, cancellation).ConfigureAwait(false)).ToDictionary(static memory => memory.Id, StringComparer.Ordinal);
        state.Add(
            MemorySearchStrategy.Lexical,
            WordRanking.Rank(wanted, [.. found.Values.Select(static memory => (memory.Id, memory.Text))]).Select(hit => (found[hit.Id], $"holds the words: {string.Join(", ", hit.Found)}")));
    }

    private async Task GraphAsync(MemoryQuestion question, IReadOnlyList<string> wanted, IReadOnlyList<string> things, IReadOnlyList<string> nearest, SearchState state, CancellationToken cancellation)
    {
        var seeds = things.ToDictionary(static thing => thing, static _ => 1.0, StringComparer.Ordinal);
        var found = state.Rankings.SelectMany(static ranking => ranking.Ids.Take(SeedHits)).Concat(nearest).Distinct(StringComparer.Ordinal).ToList();
        foreach (var mention in await finder.NamedByAsync(question.Scope, found, cancellation).ConfigureAwait(false))
        {
            seeds.TryAdd(mention.Entity, GraphWalk.Decay);
        }

        var (memories, mentions) = await finder.AroundAsync(question, seeds.Keys, GraphWalk.Hops, cancellation).ConfigureAwait(false);
        var (byId, rest) = (memories.ToDictionary(static memory => memory.Id, StringComparer.Ordinal), wanted.Except(things.SelectMany(static thing => thing.Split(' '))).ToList());
        state.Add(
            MemorySearchStrategy.Graph,
            GraphWalk.From(seeds, mentions).Where(reached => byId.ContainsKey(reached.Memory))
                .Select(reached => (Reached: reached, Memory: byId[reached.Memory]))
                .OrderByDescending(one => one.Reached.Weight * (0.5 + Coverage(rest, one.Memory.Text))).ThenBy(static one => one.Memory.Id, StringComparer.Ordinal).Take(Candidates)
                .Select(one => (one.Memory, one.Reached.Path.Count == 1 ? $"names {one.Reached.Path[0]}" : $"path: {string.Join(" > ", one.Reached.Path)}")));
    }

    private async Task TemporalAsync(MemoryQuestion question, IReadOnlyList<string> wanted, MemoryWindow? window, SearchState state, CancellationToken cancellation)
    {
        var scores = RankFusion.Fuse(state.Rankings).ToDictionary(static one => one.Id, static one => one.Score, StringComparer.Ordinal);
        var (now, halfLife) = (question.AsOf ?? time.GetUtcNow(), TimeSpan.FromDays(options.Value.RecencyHalfLifeDays));
        if (window is null && question is { From: null, To: null } && scores.Count > 0)
        {
            state.Add(
                MemorySearchStrategy.Temporal,
                state.Memories.Values.OrderByDescending(memory => scores.GetValueOrDefault(memory.Id) * Recency.Weight(memory.ValidFrom, now, halfLife)).ThenByDescending(static memory => memory.Id, StringComparer.Ordinal)
                    .Take(Candidates).Select(static memory => (memory, $"dated {SearchState.Day(memory.ValidFrom)}")).ToList());
            return;
        }

        var newest = await finder.NewestAsync(question, Candidates, cancellation).ConfigureAwait(false);
        var span = window is not null ? $"{window.Words}: " : "";
        state.Add(
            MemorySearchStrategy.Temporal,
            newest.OrderByDescending(memory => Coverage(wanted, memory.Text)).ThenByDescending(static memory => memory.ValidFrom).ThenByDescending(static memory => memory.Id, StringComparer.Ordinal)
                .Select(memory => (memory, $"{span}{SearchState.Day(memory.ValidFrom)}{(memory.ValidTo is { } to ? $" to {SearchState.Day(to)}" : "")}")));
    }

    /// <summary>The share of some words that a text holds.</summary>
    private static double Coverage(IReadOnlyList<string> wanted, string text)
    {
        if (wanted.Count == 0)
        {
            return 0;
        }

        var words = Words.Of(text);
        return wanted.Sum(want => words.Select(word => WordMatch.Score(want, word)).DefaultIfEmpty().Max()) / wanted.Count;
    }
}
