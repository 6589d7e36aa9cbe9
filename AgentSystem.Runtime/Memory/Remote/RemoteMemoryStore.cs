using AgentSystem.Contracts.Roles;

namespace AgentSystem.Runtime.Memory.Remote;

/// <summary>The memory of a process that does not serve the role: whoever asks it cannot tell.</summary>
internal sealed class RemoteMemoryStore(IMemoryService service) : IMemoryStore
{
    public async Task<string> RememberAsync(MemoryScope scope, string text, CancellationToken cancellation)
    {
        if (MemoryLimits.Problem(text) is { } problem)
        {
            throw new ArgumentException($"The text {problem}; ask MemoryLimits.Problem first.", nameof(text));
        }

        var request = new RememberRequest { Tenant = scope.Tenant, User = scope.User, Agent = scope.Agent, Text = text };
        return (await service.RememberAsync(request, cancellation).ConfigureAwait(false)).Id;
    }

    public async Task<IReadOnlyList<RecalledMemory>> RecallAsync(MemoryScope scope, string query, int limit, CancellationToken cancellation)
    {
        var request = new RecallRequest { Tenant = scope.Tenant, User = scope.User, Agent = scope.Agent, Query = query, Limit = limit };
        var reply = await service.RecallAsync(request, cancellation).ConfigureAwait(false);
        return [.. reply.Found.Select(static one => new RecalledMemory(one.Id, one.Text, one.Score, new DateTimeOffset(one.AtTicks, TimeSpan.Zero)))];
    }
}
