namespace AgentSystem.Benchmarks.Security;

/// <summary>Puts near-duplicates into one cluster, so that none is on both sides of a split: texts that share three in ten of their runs of five words.</summary>
internal static class TextClusters
{
    private const int Words = 5, CommonEnough = 200;

    /// <summary>The cluster of each text.</summary>
    public static int[] Of(IReadOnlyList<string> texts)
    {
        var parents = Enumerable.Range(0, texts.Count).ToArray();
        var shingles = texts.Select(Shingles).ToArray();
        var holders = new Dictionary<int, List<int>>();
        for (var i = 0; i < texts.Count; i++)
        {
            var shared = new Dictionary<int, int>();
            foreach (var shingle in shingles[i])
            {
                if (!holders.TryGetValue(shingle, out var held))
                {
                    holders.Add(shingle, held = []);
                }

                foreach (var other in held)
                {
                    shared[other] = shared.GetValueOrDefault(other) + 1;
                }

                if (held.Count < CommonEnough)
                {
                    held.Add(i);
                }
            }

            foreach (var (other, count) in shared.Where(each => each.Value * 10 >= 3 * Math.Min(shingles[i].Count, shingles[each.Key].Count)))
            {
                parents[Find(parents, i)] = Find(parents, other);
            }
        }

        return [.. Enumerable.Range(0, texts.Count).Select(i => Find(parents, i))];
    }

    private static int Find(int[] parents, int i)
    {
        while (parents[i] != i)
        {
            i = parents[i] = parents[parents[i]];
        }

        return i;
    }

    private static HashSet<int> Shingles(string text)
    {
        string[] words = [.. text.ToLowerInvariant().Split([' ', '\n', '\t', '|', ',', '.'], StringSplitOptions.RemoveEmptyEntries)];
        return [.. Enumerable.Range(0, Math.Max(1, words.Length - Words + 1)).Select(i => string.Join(' ', words.Skip(i).Take(Words)).Aggregate(17, static (hash, c) => unchecked((hash * 31) + c)))];
    }
}
