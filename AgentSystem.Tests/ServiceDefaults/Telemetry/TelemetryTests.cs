using AgentSystem.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace AgentSystem.Tests.ServiceDefaults.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public void AddTelemetry_TheResource_NamesTheServiceAndItsVersion()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "AgentSystem.Tests" });
        builder.AddTelemetry();
        using var services = builder.Services.BuildServiceProvider();

        var resource = services.GetRequiredService<TracerProvider>().GetResource().Attributes.ToDictionary(static each => each.Key, static each => each.Value);

        Assert.Equal("AgentSystem.Tests", resource["service.name"]);
        Assert.Matches(@"^\d+\.\d+\.\d+", $"{resource["service.version"]}");
    }
}
