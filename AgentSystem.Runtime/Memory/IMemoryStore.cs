namespace AgentSystem.Runtime.Memory;

/// <summary>What an agent remembers about a user, as its tools see it. Nothing is ever visible outside its <see cref="MemoryScope"/>.</summary>
public interface IMemoryStore
{
    /// <summary>Keeps one statement; returns its id. Keeping the same text again in the same scope returns the first id.</summary>
    Task<string> RememberAsync(MemoryScope scope, string text, CancellationToken cancellation);

    /// <summary>The statements that fit <paramref name="query"/> best, best first; empty when nothing fits.</summary>
    Task<IReadOnlyList<RecalledMemory>> RecallAsync(MemoryScope scope, string query, int limit, CancellationToken cancellation);
}

/// <summary>Whose memory it is: tenant, user and agent together.</summary>
public sealed record MemoryScope(string Tenant, string User, string Agent);

/// <summary>A statement found again.</summary>
/// <param name="Id">The memory's id.</param>
/// <param name="Text">The statement as it was stored.</param>
/// <param name="Score">How well it fits, 0 to 1.</param>
/// <param name="At">When it was stored.</param>
public sealed record RecalledMemory(string Id, string Text, double Score, DateTimeOffset At);
