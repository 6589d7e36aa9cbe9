using AgentSystem.Contracts.Roles;

namespace AgentSystem.Runtime.Memory.Remote;

/// <summary>Serves the memory of this process to others.</summary>
internal sealed class MemoryRole(IMemoryStore memory) : IMemoryService
{
    public async ValueTask<RememberReply> RememberAsync(RememberRequest request, CancellationToken cancellation) =>
        new() { Id = await memory.RememberAsync(new MemoryScope(request.Tenant, request.User, request.Agent), request.Text, cancellation).ConfigureAwait(false) };

    public async ValueTask<RecallReply> RecallAsync(RecallRequest request, CancellationToken cancellation)
    {
        var found = await memory.RecallAsync(new MemoryScope(request.Tenant, request.User, request.Agent), request.Query, request.Limit, cancellation).ConfigureAwait(false);
        return new RecallReply { Found = [.. found.Select(static one => new FoundStatement { Id = one.Id, Text = one.Text, Score = one.Score, AtTicks = one.At.UtcTicks })] };
    }
}
