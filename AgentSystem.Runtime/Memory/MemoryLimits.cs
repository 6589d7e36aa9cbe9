namespace AgentSystem.Runtime.Memory;

/// <summary>What the memory accepts.</summary>
public static class MemoryLimits
{
    /// <summary>Longest statement or query, in characters.</summary>
    public const int MaxTextLength = 4_000;

    /// <summary>Null when <paramref name="text"/> can be kept or searched for; otherwise what is wrong with it ("is ..."), to follow the name of the field.</summary>
    public static string? Problem(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(text) ? "is empty"
            : text.Length > MaxTextLength ? $"is longer than {MaxTextLength:N0} characters"
            // Postgres keeps no NUL in a text.
            : text.Contains('\0', StringComparison.Ordinal) ? "contains a NUL character"
            : null;
    }
}
