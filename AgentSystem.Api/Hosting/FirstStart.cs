using AgentSystem.Api.Keys;
using AgentSystem.Control.State.Postgres;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.State.Postgres;
using Npgsql;

namespace AgentSystem.Api.Hosting;

/// <summary>What must be there before the first request: both planes' tables, the seeded agents, an admin key. Hosts that start together take turns.</summary>
internal sealed class FirstStart(NpgsqlDataSource database, IAgentStore agents, AdminKey admin, IConfiguration configuration)
{
    /// <summary>Runs every step that is still missing; returns the admin key's secret when it was made now.</summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellation)
    {
        string? secret = null;
        await SchemaLock.RunAsync(database, cancellation, [
            async token =>
            {
                // In a cluster a job migrates, and the hosts only look.
                if (configuration.GetValue("Database:MigrateOnStart", true))
                {
                    await RuntimeSchema.MigrateRuntimeAsync(database, token);
                    await ControlSchema.MigrateControlAsync(database, token);
                }
            },
            token => SeededAgents.SeedAsync(agents, token),
            async token => secret = await admin.EnsureAsync(token),
        ]);
        return secret;
    }
}
