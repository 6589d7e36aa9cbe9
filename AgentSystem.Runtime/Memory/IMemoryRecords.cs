using System.Text.Json;
using AgentSystem.Contracts.Memory;

namespace AgentSystem.Runtime.Memory;

/// <summary>Memories as rows: written with everything that makes them findable in one transaction, closed and changed with their history, forgotten.</summary>
public interface IMemoryRecords
{
    /// <summary>Keeps a memory. The same text of the same kind (and thread) again keeps its id, becomes the newest, and is true again if it was not. A statement that contradicts others of its subject ends their intervals.</summary>
    Task<MemoryStored> WriteAsync(MemoryScope scope, MemoryDraft draft, CancellationToken cancellation);

    /// <summary>One memory, forgotten ones too; null when there is none within reach.</summary>
    Task<MemoryView?> FindAsync(MemoryReach reach, string id, CancellationToken cancellation);

    /// <summary>Memories, the newest id first, without forgotten ones.</summary>
    Task<IReadOnlyList<MemoryView>> ListAsync(MemoryReach reach, MemoryFilter filter, CancellationToken cancellation);

    /// <summary>Changes a memory, if its version is the expected one.</summary>
    Task<MemoryVerdict> ChangeAsync(MemoryReach reach, string id, MemoryChange change, long? expected, CancellationToken cancellation);

    /// <summary>Forgets a memory: its text, metadata, things, vector and history go, its id and times stay. False when there is none within reach.</summary>
    Task<bool> ForgetAsync(MemoryReach reach, string id, CancellationToken cancellation);

    /// <summary>The things of a scope and what connects them, the most connected first.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="asOf">The moment it is drawn for.</param>
    /// <param name="most">Most things.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<MemoryGraph> GraphAsync(MemoryScope scope, DateTimeOffset asOf, int most, CancellationToken cancellation);
}

/// <summary>Which memories a key may meet.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="User">A user as runs name it; null: everybody of the tenant.</param>
/// <param name="Agents">The agents the key may call; null: all.</param>
public sealed record MemoryReach(string Tenant, string? User, IReadOnlyList<string>? Agents);

/// <summary>Which of them a list is of.</summary>
/// <param name="User">A user as runs name it; null: all within reach.</param>
/// <param name="AsOf">Only what was so then; null: closed ones too.</param>
/// <param name="After">Id of the last row shown.</param>
public sealed record MemoryFilter(string? Agent, string? User, MemoryKind? Kind, string? ThreadId, DateTimeOffset? AsOf, string? After, int Limit);

/// <summary>A memory to be kept; <see cref="MemoryLimits"/> has found nothing wrong with it.</summary>
public sealed record MemoryDraft(MemoryKind Kind, string Text, MemoryTrust Trust, MemorySource Source)
{
    public string? ThreadId { get; init; }

    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidTo { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Given beside those that are found in the text.</summary>
    public IReadOnlyList<MemoryEntity> Entities { get; init; } = [];

    public IReadOnlyList<MemoryRelation> Relations { get; init; } = [];

    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = new Dictionary<string, JsonElement>();
}

/// <summary>What a change asks for; null leaves as it is.</summary>
public sealed record MemoryChange(MemoryStrategy Strategy)
{
    public string? Text { get; init; }

    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidTo { get; init; }

    public bool Reopen { get; init; }

    public IReadOnlyList<MemoryEntity>? Entities { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }
}

/// <summary>How a change ended: one of the two is set.</summary>
public sealed record MemoryVerdict(MemoryView? Done, MemoryRefusal? Refusal);

/// <summary>Why a change was not made.</summary>
/// <param name="Version">The version it is at, where that is the reason.</param>
public sealed record MemoryRefusal(int Status, string Code, string Message, string? Field = null, long? Version = null);
