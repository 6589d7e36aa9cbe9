using System.Diagnostics.Metrics;
using AgentSystem.Contracts.Runs;
using AgentSystem.Contracts.Tools;
using AgentSystem.Runtime.Pipeline;
using AgentSystem.Runtime.Runs;
using AgentSystem.Runtime.Security.Guard;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Runtime.Pipeline.Durable;

public sealed class GuardedDurableRunTests(TestPostgres postgres)
{
    [Fact]
    public async Task Execute_AnEffectAfterOthersTextAndPrivateData_WaitsForAPersonAndIsMadeOnce()
    {
        await using var house = await RunHouse.CreateAsync(postgres);
        house.Tools["look"].Reach = Reach.Untrusted | Reach.Private;
        house.Model.Otherwise = ToolScript.InOrder(() => ToolScript.Calls("put"), () => ToolScript.Calls("look"), () => ToolScript.Calls("pay"), () => Turn.Says("paid"));
        var run = await house.SubmitAsync();
        await house.DrainAsync();
        Assert.Equal((RunStatus.Waiting, 1, 0), ((await house.FindAsync(run.Id)).Status, house.Count("put"), house.Count("pay")));

        await house.DecideAsync(run.Id, approved: true);
        await house.DrainAsync();

        var ended = await house.FindAsync(run.Id);
        Assert.Equal((RunStatus.Success, "paid", 1), (ended.Status, ended.Output, house.Count("pay")));
        Assert.Equal(ToolEffect.Unsafe, Assert.Single(await house.StepsAsync(run.Id), step => step.Name == "pay").Call!.Effect);
    }

    [Fact]
    public async Task Execute_ARunThatIsResumed_IsNotScreenedAgain()
    {
        await using var house = await RunHouse.CreateAsync(postgres);
        using var screened = new CountedMeter(house.Services.GetRequiredService<IMeterFactory>(), PipelineTelemetry.Name, "input_screening_verdicts");
        house.Model.Otherwise = ToolScript.InOrder(() => ToolScript.Calls("fire"), () => Turn.Says("fired"));
        var run = await house.SubmitAsync();
        await house.DrainAsync();
        await house.DecideAsync(run.Id, approved: true);
        await house.DrainAsync();

        Assert.Equal((RunStatus.Success, 1), ((await house.FindAsync(run.Id)).Status, screened.Total));
    }
}
