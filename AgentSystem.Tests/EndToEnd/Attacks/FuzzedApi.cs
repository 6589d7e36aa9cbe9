using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;

namespace AgentSystem.Tests.EndToEnd.Attacks;

/// <summary>The API as it is attacked: it executes no runs, does not count its one attacker's failures, and has less patience with the slow, so that tests need not have more.</summary>
public sealed class FuzzedApi(TestPostgres postgres) : ApiFixture(postgres)
{
    protected override void Configure(WebApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Security:FailuresPerAddress"] = "0",
            ["Runs:Concurrency"] = "0",
            ["Agents:MaxPerTenant"] = "20000",
            ["Egress:AllowedHosts"] = "127.0.0.1:9",
        });
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(2);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1_000, TimeSpan.FromSeconds(2));
        });
    }
}
