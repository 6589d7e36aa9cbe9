using System.Runtime.Serialization;

namespace AgentSystem.Contracts.Roles;

/// <summary>The role <c>memory</c>: what agents remember about users. Nothing is visible outside tenant, user and agent together.</summary>
[RoleService(RoleNames.Memory)]
public interface IMemoryService
{
    /// <summary>Keeps one statement. Keeping the same text again in the same scope gives the first id.</summary>
    [Idempotent]
    ValueTask<RememberReply> RememberAsync(RememberRequest request, CancellationToken cancellation);

    /// <summary>The statements that fit a query best, best first; none when nothing fits.</summary>
    [Idempotent]
    ValueTask<RecallReply> RecallAsync(RecallRequest request, CancellationToken cancellation);
}

/// <summary>What shall be kept, and whose it is.</summary>
[DataContract]
public sealed record RememberRequest : IForTenant
{
    /// <inheritdoc/>
    [DataMember(Order = 1)]
    public string Tenant { get; init; } = "";

    /// <summary>The user it is about.</summary>
    [DataMember(Order = 2)]
    public string User { get; init; } = "";

    /// <summary>The agent that keeps it.</summary>
    [DataMember(Order = 3)]
    public string Agent { get; init; } = "";

    /// <summary>The statement.</summary>
    [DataMember(Order = 4)]
    public string Text { get; init; } = "";
}

/// <summary>It is kept.</summary>
[DataContract]
public sealed record RememberReply
{
    /// <summary>The memory's id.</summary>
    [DataMember(Order = 1)]
    public string Id { get; init; } = "";
}

/// <summary>What is looked for, and in whose memory.</summary>
[DataContract]
public sealed record RecallRequest : IForTenant
{
    /// <inheritdoc/>
    [DataMember(Order = 1)]
    public string Tenant { get; init; } = "";

    /// <summary>The user it is about.</summary>
    [DataMember(Order = 2)]
    public string User { get; init; } = "";

    /// <summary>The agent that kept it.</summary>
    [DataMember(Order = 3)]
    public string Agent { get; init; } = "";

    /// <summary>What to look for.</summary>
    [DataMember(Order = 4)]
    public string Query { get; init; } = "";

    /// <summary>Most statements, 1 or more.</summary>
    [DataMember(Order = 5)]
    public int Limit { get; init; }
}

/// <summary>What was found.</summary>
[DataContract]
public sealed record RecallReply
{
    /// <summary>Best first.</summary>
    [DataMember(Order = 1)]
    public List<FoundStatement> Found { get; init; } = [];
}

/// <summary>A statement found again.</summary>
[DataContract]
public sealed record FoundStatement
{
    /// <summary>The memory's id.</summary>
    [DataMember(Order = 1)]
    public string Id { get; init; } = "";

    /// <summary>As it was stored.</summary>
    [DataMember(Order = 2)]
    public string Text { get; init; } = "";

    /// <summary>How well it fits, 0 to 1.</summary>
    [DataMember(Order = 3)]
    public double Score { get; init; }

    /// <summary>When it was stored: ticks of 100 ns since year 1, UTC.</summary>
    [DataMember(Order = 4)]
    public long AtTicks { get; init; }
}
