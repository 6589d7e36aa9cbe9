namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Where entries and the keys of their subjects are kept. It writes what it is given; what an entry says and hashes to is decided above.</summary>
internal interface IAuditStore
{
    /// <summary>Keeps entries of one stream, all or none. They are there when it returns.</summary>
    Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellation);

    /// <summary>The last entry of a stream; null when it has none.</summary>
    Task<(long Sequence, byte[] Hash)?> LastAsync(string stream, CancellationToken cancellation);

    /// <summary>The subjects that are known under these tokens; those that are not are made of <paramref name="make"/> first.</summary>
    Task<IReadOnlyList<StoredSubject>> SubjectsAsync(string tenant, IReadOnlyList<byte[]> tokens, Func<byte[], StoredSubject> make, CancellationToken cancellation);

    /// <summary>The subject under a token; null when there is none.</summary>
    Task<StoredSubject?> FindSubjectAsync(string tenant, byte[] token, CancellationToken cancellation);

    /// <summary>Subjects by the ids that stand in entries; those that were erased are missing.</summary>
    Task<IReadOnlyList<StoredSubject>> SubjectsOfAsync(string tenant, IReadOnlyList<string> ids, CancellationToken cancellation);

    /// <summary>Deletes a subject's key for good; false when there is none.</summary>
    Task<bool> EraseAsync(string tenant, byte[] token, CancellationToken cancellation);

    /// <summary>Entries of a tenant, the newest first, at most <paramref name="limit"/>, behind the one with the id <paramref name="after"/>.</summary>
    Task<IReadOnlyList<AuditEntry>> ListAsync(string tenant, AuditQuery query, string? after, int limit, CancellationToken cancellation);

    /// <summary>One entry of a tenant.</summary>
    Task<AuditEntry?> FindAsync(string tenant, string stream, long sequence, CancellationToken cancellation);
}

/// <summary>Which entries are wanted; a member that is null asks for nothing.</summary>
/// <param name="Actor">As it stands in the store: of a sealed one the kind and the subject only.</param>
/// <param name="Action">The act, or the beginning of its name with a dot at the end.</param>
/// <param name="Object">The object.</param>
/// <param name="Decision">What became of it.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The moment before which it was.</param>
internal sealed record AuditQuery(string? Actor = null, string? Action = null, string? Object = null, AuditDecision? Decision = null, DateTimeOffset? From = null, DateTimeOffset? To = null);
