namespace AgentSystem.Runtime.Threats.Containment;

/// <summary>Lets so many requests pass a minute, evenly: a bucket that holds a minute's worth and is refilled as time goes by.</summary>
internal sealed class ThrottleBucket(int perMinute, DateTimeOffset begun)
{
    private readonly Lock gate = new();
    private double left = perMinute;
    private DateTimeOffset filled = begun;

    /// <summary>Zero when a request may pass; otherwise how long until one may.</summary>
    public TimeSpan Take(DateTimeOffset now)
    {
        lock (gate)
        {
            left = Math.Min(perMinute, left + (Math.Max(0, (now - filled).TotalMinutes) * perMinute));
            filled = now > filled ? now : filled;
            if (left >= 1)
            {
                left--;
                return TimeSpan.Zero;
            }

            return TimeSpan.FromMinutes((1 - left) / perMinute);
        }
    }
}
