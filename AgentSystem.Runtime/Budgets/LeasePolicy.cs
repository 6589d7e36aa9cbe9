namespace AgentSystem.Runtime.Budgets;

/// <summary>How much credit a process draws at once.</summary>
internal static class LeasePolicy
{
    /// <summary>A draw never takes more than this share of what is left, unless the calls at hand need it: near the limit it shrinks to exactly these.</summary>
    public const decimal Share = 1m / 32;

    /// <summary>A draw never takes more than what the calls at hand need this many times over.</summary>
    public const int Ahead = 16;

    /// <summary>USD to draw: what is needed, with some ahead while plenty is left; less than is needed when there is no more.</summary>
    public static decimal Draw(decimal needed, decimal available)
    {
        if (available <= 0 || needed <= 0)
        {
            return 0;
        }

        return Math.Min(available, Math.Max(needed, Math.Min(needed * Ahead, available * Share)));
    }
}
