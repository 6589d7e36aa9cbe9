using System.Net;
using AgentSystem.Contracts.Json;
using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Threats.Intelligence;
using AgentSystem.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSystem.Tests.Api.Security;

/// <summary>A fixture of its own: once loopback is listed for certain, nobody comes in.</summary>
public sealed class ListedAddressTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Requests_FromAnAddressThatIsCertainlyListed_AreRefusedAndOneCannotListOnesOwn()
    {
        using var admin = api.Client();
        var own = await admin.SendAsync<IntelligenceImported>("/intelligence", new ImportIntelligence("own", "127.0.0.0/8\n192.0.2.0/24", Confidence: .95));
        Assert.Equal((1, "127.0.0.0/8"), (own.Imported, Assert.Single(own.Skipped).Entry));

        var store = api.Services.GetRequiredService<IIntelligenceStore>();
        await store.ImportAsync(Tenants.Default, "elsewhere", [new Indicator(IndicatorKind.Address, "127.0.0.0/8", .95, null)], 10, TimeProvider.System.GetUtcNow(), default);
        using var refused = await SecurityCalls.UntilAsync(() => admin.AskAsync(), static answer => answer.StatusCode == HttpStatusCode.Forbidden);
        Assert.Contains("address_listed", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await store.RemoveSourceAsync(Tenants.Default, "elsewhere", default);
        using var free = await SecurityCalls.UntilAsync(() => admin.AskAsync(), static answer => answer.StatusCode == HttpStatusCode.OK);
        var incident = (await admin.ReadAsync<ListPage<IncidentView>>("/incidents")).Data.Single(static each => each.Kind == IncidentKinds.ListedIndicator);
        Assert.StartsWith("key:", incident.Subject, StringComparison.Ordinal);
    }
}
