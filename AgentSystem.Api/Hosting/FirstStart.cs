using AgentSystem.Api.Hosting.Postgres;
using AgentSystem.Api.Keys;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Security.Sealing;

namespace AgentSystem.Api.Hosting;

/// <summary>What must be there before the first request: the tables, the seeded agents, an admin key. Hosts that start together take turns.</summary>
internal sealed class FirstStart(Schema schema, RootSecrets root, IAgentStore agents, AdminKey admin, TimeProvider time)
{
    /// <summary>Runs every step that is still missing; returns the admin key's secret when it was made now.</summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellation)
    {
        string? secret = null;
        await schema.PrepareAsync(
            cancellation,
            root.RequireAsync,
            token => SeededAgents.SeedAsync(agents, time, token),
            async token => secret = await admin.EnsureAsync(token));
        return secret;
    }
}
