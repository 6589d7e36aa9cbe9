namespace AgentSystem.Runtime.Security.Sealing;

/// <summary>Rotations of data keys, and the rows they have still to reach.</summary>
internal interface IRotationStore
{
    /// <summary>Before the first row.</summary>
    const string Beginning = "(0,0)";

    /// <summary>Makes the next version and begins to seal everything under it again; the version of a rotation that is running, where there is one.</summary>
    Task<int> BeginAsync(string tenant, string by, Func<int, IReadOnlyDictionary<string, byte[]>> wrap, CancellationToken cancellation);

    /// <summary>A tenant's versions, the newest first.</summary>
    Task<IReadOnlyList<DataKeyState>> ListAsync(string tenant, int? before, int limit, CancellationToken cancellation);

    /// <summary>Rotations of any tenant that run and whose version is at least so old.</summary>
    Task<IReadOnlyList<(string Tenant, int Version)>> RunningAsync(TimeSpan age, CancellationToken cancellation);

    /// <summary>How many values of a column stand in plain or under an older version.</summary>
    Task<long> RemainingAsync(string tenant, int version, SealedColumn column, CancellationToken cancellation);

    /// <summary>Seals up to <paramref name="most"/> of them again, in one transaction. Rows that somebody else holds are passed over.</summary>
    Task<ResealResult> ResealAsync(string tenant, int version, SealedColumn column, string behind, int most, CancellationToken cancellation);

    /// <summary>Says that everything is done.</summary>
    Task FinishAsync(string tenant, int version, long unreadable, CancellationToken cancellation);
}

/// <summary>One version of a tenant's data key, as people see it.</summary>
/// <param name="Version">From 1 on.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Seals">How many values it may have sealed; an upper bound.</param>
/// <param name="Rotation"><c>running</c>, <c>done</c>, or null where nobody asked for it.</param>
/// <param name="RotatedBy">Who asked for it.</param>
/// <param name="Resealed">Values sealed again under it.</param>
/// <param name="Unreadable">Values that could not be opened.</param>
/// <param name="RotatedAt">When it was done.</param>
internal sealed record DataKeyState(int Version, DateTimeOffset CreatedAt, long Seals, string? Rotation, string? RotatedBy, long Resealed, long Unreadable, DateTimeOffset? RotatedAt);
