using System.Runtime.Serialization;

namespace AgentSystem.Contracts.Roles;

/// <summary>The role <c>monitoring</c>. What watches the platform is still in every process; the role says how it stands.</summary>
[RoleService(RoleNames.Monitoring)]
public interface IMonitoringService
{
    /// <summary>How the process stands.</summary>
    [Idempotent]
    ValueTask<RoleStatus> StatusAsync(RoleStatusRequest request, CancellationToken cancellation);
}

/// <summary>The role <c>control</c>. Its loops are still in every process; the role says how it stands.</summary>
[RoleService(RoleNames.Control)]
public interface IControlService
{
    /// <summary>How the process stands.</summary>
    [Idempotent]
    ValueTask<RoleStatus> StatusAsync(RoleStatusRequest request, CancellationToken cancellation);
}

/// <summary>Asks how a process stands.</summary>
[DataContract]
public sealed record RoleStatusRequest;

/// <summary>How a process that serves roles stands.</summary>
[DataContract]
public sealed record RoleStatus
{
    /// <summary>Machine and process id.</summary>
    [DataMember(Order = 1)]
    public string Process { get; init; } = "";

    /// <summary>The roles it serves.</summary>
    [DataMember(Order = 2)]
    public List<string> Roles { get; init; } = [];

    /// <summary>Calls it has in hand, this one included.</summary>
    [DataMember(Order = 3)]
    public int Calls { get; init; }

    /// <summary>True when it is ending and takes no more.</summary>
    [DataMember(Order = 4)]
    public bool IsEnding { get; init; }
}
