namespace AgentSystem.Runtime.Webhooks;

/// <summary>How long a delivery rests after an attempt that failed.</summary>
internal static class WebhookBackoff
{
    /// <summary>Most of the pause that chance may add or take away, so that receivers that were away are not met by all at once.</summary>
    private const double Spread = 0.2;

    /// <summary>Longest pause a receiver may ask for.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(24);

    // About two days in all: a receiver may be away over a weekend's night and lose nothing.
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    /// <param name="attempt">How many attempts there were, at least 1.</param>
    /// <param name="chance">From 0 to below 1.</param>
    /// <param name="asked">What the receiver asked for with Retry-After.</param>
    public static TimeSpan Pause(int attempt, double chance, TimeSpan? asked)
    {
        var pause = Pauses[Math.Min(attempt, Pauses.Length) - 1] * (1 - Spread + (2 * Spread * chance));
        return asked is { } wanted && wanted > pause ? (wanted < LongestAsked ? wanted : LongestAsked) : pause;
    }
}
