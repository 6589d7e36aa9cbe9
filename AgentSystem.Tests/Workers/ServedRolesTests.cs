using AgentSystem.Contracts.Roles;
using AgentSystem.Runtime.Memory;
using AgentSystem.Runtime.Mesh.Grpc;
using AgentSystem.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Workers;

/// <summary>A process of each role has what the role needs, and no more than it is asked for.</summary>
public sealed class ServedRolesTests
{
    [Theory]
    [InlineData(RoleNames.Memory, typeof(IMemoryService))]
    [InlineData(RoleNames.Tools, typeof(IToolsService))]
    [InlineData(RoleNames.Inference, typeof(IInferenceService))]
    [InlineData(RoleNames.Reasoning, typeof(IReasoningService))]
    [InlineData(RoleNames.Monitoring, typeof(IMonitoringService))]
    [InlineData(RoleNames.Control, typeof(IControlService))]
    public async Task Build_ForARoleThatIsServed_HasEverythingItsCallsAndLoopsNeed(string role, Type service)
    {
        await using var host = Build(role);

        Assert.Equal([role], host.Services.GetServices<ServedRole>().Select(static served => served.Role));
        Assert.NotNull(host.Services.GetRequiredService(service));
        Assert.NotEmpty(host.Services.GetServices<IHostedService>());
    }

    [Fact]
    public async Task Build_ForEveryRole_ServesEachThatHasAnInterfaceOnce()
    {
        await using var host = Build(RoleNames.Everything);

        Assert.Equal(RoleNames.Served.Order(StringComparer.Ordinal), host.Services.GetServices<ServedRole>().Select(static served => served.Role).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Build_WithTheMemoryElsewhere_AsksItThere()
    {
        await using var host = Build(RoleNames.Reasoning, ("Services:memory", "https://10.0.0.1:8443"));
        await using var own = Build(RoleNames.Reasoning);

        Assert.Equal("RemoteMemoryStore", host.Services.GetRequiredService<IMemoryStore>().GetType().Name);
        Assert.Equal("PostgresMemoryStore", own.Services.GetRequiredService<IMemoryStore>().GetType().Name);
    }

    [Fact]
    public void Build_WithWrongSettingsOfRoles_NamesEachWithItsCure()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => Build(
            RoleNames.Memory, ("Roles:Serve:Url", "http://0.0.0.0:8443"), ("Services:tools", "10.0.0.1:8443"), ("Roles:Tls:Certificate", "/no/such.crt"), ("Roles:Calls:Refresh", "often"), ("Roles:Calls:Retries", "3")));

        Assert.Equal(6, wrong.Failures.Count());
        Assert.All(new[] { "served over TLS only", "dns:///name:port", "lacks Key and Ca", "which is no file", "Roles:Calls:Refresh is \"often\"", "Roles:Calls:Retries: there is no such setting" },
            part => Assert.Contains(wrong.Failures, failure => failure.Contains(part, StringComparison.Ordinal)));
    }

    private static WebApplication Build(string roles, params (string Name, string Value)[] settings)
    {
        var given = new Dictionary<string, string?>
        {
            ["Roles"] = roles, ["Roles:Serve:Url"] = "https://127.0.0.1:0", ["ConnectionStrings:postgres"] = "Host=127.0.0.1;Port=1", ["AGENTSYSTEM_ROOT_KEY"] = "a-root-key-for-tests-0123456789-0123456789",
        };
        foreach (var (name, value) in settings)
        {
            given[name] = value;
        }

        return WorkersHost.Build([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(given);
        });
    }
}
