using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Agents;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Runtime.Threats.Incidents;
using AgentSystem.Runtime.Webhooks;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Runtime.Pipeline.Durable;

/// <summary>What webhooks may not tell, over the stores the product has.</summary>
public sealed class OutgoingMessagesTests(TestPostgres postgres) : IAsyncLifetime
{
    private RunHouse house = null!;

    public async ValueTask InitializeAsync() => house = await RunHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task Message_WithTheAgentsCanary_IsRefusedAndIsAnIncident()
    {
        var run = await RunAsync();
        var canary = house.Services.GetRequiredService<CanaryTokens>().Of(run.Tenant, run.Agent, run.AgentVersion!.Value);
        var check = house.Services.GetRequiredService<IOutgoingCheck>();

        Assert.Contains("security.output", await check.RefuseAsync(run, $"the word is {canary}", default), StringComparison.Ordinal);
        var report = await house.Services.GetRequiredService<IncidentDesk>().Waiting.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((IncidentKinds.CanarySeen, run.User, run.Id, ScreenSeverity.High), (report.Kind, report.Subject, report.RequestId, report.Severity));
        Assert.DoesNotContain(canary, report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WithNothingToHide_MayLeave()
    {
        var run = await RunAsync();

        Assert.Null(await house.Services.GetRequiredService<IOutgoingCheck>().RefuseAsync(run, "forty-two, see https://elsewhere.example/", default));
        Assert.Null(await house.Services.GetRequiredService<IOutgoingCheck>().RefuseAsync(run with { AgentVersion = null }, "anything", default));
    }

    private async Task<RunRecord> RunAsync()
    {
        house.Model.Then(Turn.Says("done"));
        var run = await house.SubmitAsync();
        await house.DrainAsync();
        return await house.FindAsync(run.Id);
    }
}
