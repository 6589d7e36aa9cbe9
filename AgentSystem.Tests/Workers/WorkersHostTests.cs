using AgentSystem.Api;
using AgentSystem.Runtime.Pipeline.Durable;
using AgentSystem.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSystem.Tests.Workers;

public sealed class WorkersHostTests
{
    [Theory]
    [InlineData("all", true)]
    [InlineData("memory, reasoning", true)]
    [InlineData("memory,tools", false)]
    public async Task Build_WithRoles_ExecutesRunsExactlyWhereOneOfThemIsReasoning(string roles, bool executes)
    {
        await using var host = Build(roles);

        Assert.Equal(executes, host.Services.GetService<RunWorker>() is not null);
    }

    [Fact]
    public async Task Build_BesideAnApiInTheSameProcess_LeavesTheRunsToIt()
    {
        await using var host = Build("all", besideApi: true);

        Assert.Null(host.Services.GetService<RunWorker>());
    }

    [Fact]
    public void Build_ForReasoning_RefusesTheSameSettingsAsTheApi()
    {
        var wrong = new Dictionary<string, string?>
        {
            ["Roles"] = "reasoning", ["ConnectionStrings:postgres"] = "Host=127.0.0.1;Port=1", ["AGENTSYSTEM_ROOT_KEY"] = "short", ["Seed"] = "luck",
            ["Runs:Lease"] = "soon", ["Routing:Policy"] = "Roulette", ["Threads:MaxMesages"] = "5", ["Prices:File"] = "/no/such/prices.json", ["Models:mine:Provider"] = "onyx",
        };

        var worker = Assert.Throws<OptionsValidationException>(() => WorkersHost.Build([], builder => builder.Configuration.AddInMemoryCollection(wrong)));
        var api = Assert.Throws<OptionsValidationException>(() => ApiHost.Build([], builder => builder.Configuration.AddInMemoryCollection(wrong)));

        Assert.Equal(7, worker.Failures.Count());
        Assert.Equal(api.Failures.Order(StringComparer.Ordinal), worker.Failures.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Build_WithoutReasoning_NeedsNoRootKeyAndNoModels()
    {
        await using var host = WorkersHost.Build([], static builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Roles"] = "memory", ["ConnectionStrings:postgres"] = "Host=127.0.0.1;Port=1",
        }));

        Assert.Null(host.Services.GetService<RunWorker>());
    }

    private static WebApplication Build(string roles, bool besideApi = false) => WorkersHost.Build(
        [],
        builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Roles"] = roles, ["ConnectionStrings:postgres"] = "Host=127.0.0.1;Port=1", ["AGENTSYSTEM_ROOT_KEY"] = "a-root-key-for-tests-0123456789-0123456789",
        }),
        besideApi);
}
