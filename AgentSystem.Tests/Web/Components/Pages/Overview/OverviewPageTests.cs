using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Overview;

namespace AgentSystem.Tests.Web.Components.Pages.Overview;

public sealed class OverviewPageTests : PageTests
{
    [Fact]
    public void Instances_OfAllProcesses_AreShownWithTheirLoad()
    {
        var page = Open<OverviewPage>("workers-1");
        Shows(page, "1 of 4 slots, 2 waiting");
        Shows(page, "draining");
        Shows(page, "3 of 8 slots");
    }
}
