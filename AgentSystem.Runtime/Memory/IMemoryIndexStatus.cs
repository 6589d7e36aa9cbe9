using AgentSystem.Contracts.Memory;

namespace AgentSystem.Runtime.Memory;

/// <summary>How far the index is, for people.</summary>
public interface IMemoryIndexStatus
{
    /// <summary>The figures of a tenant and of this process.</summary>
    Task<MemoryIndexView> LookAsync(string tenant, CancellationToken cancellation);
}
