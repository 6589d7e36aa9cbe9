namespace AgentSystem.Runtime.Routing;

/// <summary>The power of two choices: two drawn at random, the less loaded one wins (Mitzenmacher 2001). Safe to share.</summary>
internal sealed class TwoChoices(Random random)
{
    private readonly Lock gate = new();

    /// <summary>One of <paramref name="from"/>; null when there is none.</summary>
    public T? Pick<T>(IReadOnlyList<T> from, Func<T, double> load)
        where T : class
    {
        switch (from.Count)
        {
            case 0:
                return null;
            case 1:
                return from[0];
            default:
                int first, second;
                lock (gate)
                {
                    first = random.Next(from.Count);
                    second = random.Next(from.Count - 1);
                }

                if (second >= first)
                {
                    second++;
                }

                return load(from[first]) <= load(from[second]) ? from[first] : from[second];
        }
    }
}
