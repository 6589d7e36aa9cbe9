using AgentSystem.Contracts.Agents;
using AgentSystem.Tests.Harness;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Pages.Agents;

namespace AgentSystem.Tests.Web.Clients.Agents;

/// <summary>What the console does with agents, on the real API.</summary>
public sealed class AgentCallsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Name = "invoice-clerk";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AgentSystemClient Client => ConsoleClient.To(new Uri(api.BaseUrl), api.AdminKey);

    [Fact]
    public async Task Agent_FromItsMakingToItsArchive_GoesTheWaysOfTheConsole()
    {
        var agents = Client.Agents;
        var seeded = (await agents.GetAsync("assistant", Cancellation)).Value!;
        var draft = new AgentDraft { Name = Name, Model = seeded.Model, Instructions = "You sort invoices.\nBe brief.", Tools = ["calculator"] };
        var made = await agents.CreateAsync(draft.ToRequest(), Cancellation);
        Assert.Null(made.Failure);
        Assert.Empty(AgentComparison.Of(made.Value!, AgentDraft.Of(made.Value!).ToRequest()));
        Assert.Equal(409, (await agents.CreateAsync(draft.ToRequest(), Cancellation)).Failure!.Status);
        Assert.Contains((await agents.ListAsync("invoice", null, Cancellation)).Value!.Data, static agent => agent.Name == Name);

        draft.Instructions = "You sort invoices by date.\nBe brief.";
        var waiting = (await agents.AddVersionAsync(draft.ToRequest(), activate: false, made.ETag, Cancellation)).Value!;
        Assert.Equal((2, 1, 2), (waiting.Version, waiting.ActiveVersion, waiting.LatestVersion));

        var late = await agents.AddVersionAsync(draft.ToRequest() with { Description = "Late." }, activate: true, made.ETag, Cancellation);
        Assert.Equal((412, "version_conflict"), (late.Failure!.Status, late.Failure.Code));

        var diff = (await agents.DiffAsync(Name, 1, 2, Cancellation)).Value!;
        Assert.Equal(["same", "removed", "added"], Assert.Single(diff.Changes).Lines!.Select(static line => line.Kind).Distinct().OrderByDescending(static kind => kind));

        var listed = await agents.ListVersionsAsync(Name, null, Cancellation);
        Assert.Equal([2, 1], listed.Value!.Data.Select(static version => version.Version));
        Assert.Equal(2, (await agents.ActivateAsync(Name, 2, listed.ETag, Cancellation)).Value!.ActiveVersion);
        Assert.Null(await agents.ArchiveAsync(Name, Cancellation));
        Assert.DoesNotContain((await agents.ListAsync(null, null, Cancellation)).Value!.Data, static agent => agent.Name == Name);

        Assert.True(Assert.Single((await agents.ListAsync(null, null, Cancellation, archived: true)).Value!.Data, static agent => agent.Name == Name).Archived);
        var put = await agents.GetAsync(Name, Cancellation);
        Assert.True(put.Value!.Archived);
        var back = (await agents.ActivateAsync(Name, put.Value.ActiveVersion, put.ETag, Cancellation)).Value!;
        Assert.Equal((2, false), (back.ActiveVersion, back.Archived));
    }

    [Fact]
    public async Task Edit_OvertakenOnTheRealApi_OffersTheirsAndSavesRegardless()
    {
        var agents = Client.Agents;
        var model = (await agents.GetAsync("assistant", Cancellation)).Value!.Model;
        var made = await agents.CreateAsync(new CreateAgent("raced", model, "You answer."), Cancellation);
        var edit = AgentEdit.Of(made.Value!, made.ETag);
        edit.Draft.Description = "Mine.";
        var theirs = AgentDraft.Of(edit.BasedOn!);
        theirs.Description = "Theirs.";
        Assert.Null((await agents.AddVersionAsync(theirs.ToRequest(), activate: true, made.ETag, Cancellation)).Failure);

        Assert.Null(await edit.SaveAsync(Client, activate: true, regardless: false, Cancellation));
        Assert.Equal("Theirs.", edit.Overtaken!.Description);
        Assert.Equal("Mine.", (await edit.SaveAsync(Client, activate: true, regardless: true, Cancellation))!.Description);
        Assert.False(edit.IsChanged);
    }

    [Fact]
    public async Task Operations_OnTheRealApi_GoTheWaysOfTheConsole()
    {
        var operations = Client.Operations;
        var instance = Assert.Single((await operations.ListInstancesAsync(Cancellation)).Value!.Data);
        Assert.Equal("draining", (await operations.DrainAsync(instance.Name, Cancellation)).Value!.State);
        Assert.Equal("serving", (await operations.ResumeAsync(instance.Name, Cancellation)).Value!.State);
        // This API's admin key is given by its operator: rotating it is refused, in words that name the cure.
        Assert.Equal((409, "key_is_configured"), ((await operations.RotateAdminKeyAsync(Cancellation)).Failure!.Status, (await operations.RotateAdminKeyAsync(Cancellation)).Failure!.Code));
    }

    [Fact]
    public async Task System_OnTheRealApi_CanBeRead()
    {
        var system = await Client.GetSystemAsync(Cancellation);
        Assert.Null(system.Failure);
        Assert.NotEmpty(system.Value!.Settings);
    }
}
