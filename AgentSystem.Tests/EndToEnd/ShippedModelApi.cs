using AgentSystem.Tests.Harness;
using Microsoft.AspNetCore.Builder;

namespace AgentSystem.Tests.EndToEnd;

/// <summary>The real API with the model that ships: nothing is scripted.</summary>
public sealed class ShippedModelApi(TestPostgres postgres) : ApiFixture(postgres)
{
    /// <summary>None configured: then the shipped one is there as <c>small</c>.</summary>
    protected override Dictionary<string, string?> Models => [];

    protected override void Configure(WebApplicationBuilder builder)
    {
    }
}
