namespace AgentSystem.Runtime.Memory.Retrieval;

/// <summary>How much newness counts.</summary>
internal static class Recency
{
    /// <summary>1 for what is as old as <paramref name="now"/> or lies ahead, half as much for each half-life before it.</summary>
    public static double Weight(DateTimeOffset at, DateTimeOffset now, TimeSpan halfLife) =>
        at >= now ? 1 : Math.Pow(2, -(now - at).TotalSeconds / halfLife.TotalSeconds);
}
