using AgentSystem.Contracts.Keys;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Harness;

/// <summary>Another tenant of an API: what an operator sets up beside the default one.</summary>
internal static class OtherTenant
{
    /// <summary>A client with a key of that tenant, which is made when it is not there.</summary>
    public static async Task<HttpClient> ClientOfAsync(this ApiFixture api, string tenant, params IReadOnlyList<string> scopes)
    {
        await using (var insert = api.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"INSERT INTO agentsystem.tenants (tenant_id) VALUES ('{tenant}') ON CONFLICT DO NOTHING"))
        {
            await insert.ExecuteNonQueryAsync();
        }

        var secret = KeySecrets.Create();
        var view = new KeyView($"key_{Guid.NewGuid():N}", $"{tenant}'s", KeySecrets.Prefix(secret), tenant, null, null, scopes, ["*"], ["*"], KeyLimits.None, TimeProvider.System.GetUtcNow(), null, null, null);
        await api.Services.GetRequiredService<IKeyStore>().AddAsync(new StoredKey(api.Services.GetRequiredService<KeySecrets>().Hash(secret), view), default);
        return api.Client(secret);
    }
}
