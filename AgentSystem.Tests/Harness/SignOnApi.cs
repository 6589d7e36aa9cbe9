using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentSystem.Tests.Harness;

/// <summary>The API with single sign-on at a scripted issuer, which names the tenant in the claim <c>tenant</c>.</summary>
public sealed class SignOnApi(TestPostgres postgres) : ApiFixture(postgres), IAsyncLifetime
{
    /// <summary>A tenant beside the default one.</summary>
    public const string Other = "acme";

    private ScriptedIssuer? issuer;

    public ScriptedIssuer Issuer => issuer ?? throw new InvalidOperationException("The fixture starts the issuer first.");

    public new async ValueTask InitializeAsync()
    {
        issuer = await ScriptedIssuer.StartAsync();
        await base.InitializeAsync();
        await using var insert = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"INSERT INTO agentsystem.tenants (tenant_id) VALUES ('{Other}')");
        await insert.ExecuteNonQueryAsync();
    }

    /// <summary>A client of somebody of a role.</summary>
    public HttpClient ClientOf(string role, string tenant = "default", string subject = "ada") =>
        Client(Issuer.Token(subject, claims => (claims["roles"], claims["tenant"]) = (new System.Text.Json.Nodes.JsonArray(role), tenant)));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await (issuer?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Oidc:Authority"] = Issuer.Url,
            ["Oidc:Audience"] = ScriptedIssuer.Audience,
            ["Oidc:TenantClaim"] = "tenant",
            // The tests of bad tokens all come from one address.
            ["Security:FailuresPerAddress"] = "0",
        });
    }
}
