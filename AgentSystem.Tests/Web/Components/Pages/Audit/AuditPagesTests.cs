using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Audit;
using AngleSharp.Dom;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Pages.Audit;

public sealed class AuditPagesTests : PageTests
{
    [Fact]
    public void List_Entries_ShowsWhoDidWhatTheNewestFirst()
    {
        var page = Open<AuditPage>("request.authorise");

        Assert.Equal(["request.authorise", "key.revoke", "audit.begin"], page.FindAll("tbody tr .row-link").Select(static link => link.TextContent));
        Assert.Equal(["denied", "allowed", "allowed"], page.FindAll("tbody .badge").Select(static badge => badge.TextContent));
        Assert.Contains("key first admin key", page.Markup, StringComparison.Ordinal);
        Assert.Contains("key:&lt;b&gt;key_2&lt;/b&gt;", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void List_Narrowed_AsksForWhatWasWritten()
    {
        var page = Open<AuditPage>("request.authorise");
        Do(page, () => Field(page, "Who").Change("key:key_admin"));
        Do(page, () => Field(page, "Act").Change(" key. "));
        Do(page, () => Field(page, "Decision").Change("failed"));
        Do(page, () => Field(page, "To").Change("2026-11-28"));
        Do(page, () => page.Find("form").Submit());

        Shows(page, "No entry matches");
        Assert.Equal("?actor=key%3Akey_admin&action=key.&decision=failed&to=2026-11-29T00%3A00%3A00Z", Api.Audit.Asked);
    }

    [Fact]
    public void List_OfAFreshSystem_TeachesWhatWillStandThere()
    {
        Api.Fresh = true;
        Open<AuditPage>("Nothing was done yet");
    }

    [Fact]
    public void Verify_AWholeLog_SaysSoAndWhatIsNotPromised()
    {
        var page = Open<AuditPage>("request.authorise");
        Click(page, "Verify");

        Shows(page, "The log is whole");
        Assert.Contains("an old copy of it would not be found out", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_ATamperedLog_NamesTheEntryAndWhatIsWrong()
    {
        Api.Audit.Tampered = true;
        var page = Open<AuditPage>("request.authorise");
        Click(page, "Verify");

        Shows(page, "The log is not whole");
        Assert.Contains("s1-2", page.Markup, StringComparison.Ordinal);
        Assert.Contains("its &lt;b&gt;hash&lt;/b&gt;", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_TheLog_IsGivenToTheBrowser()
    {
        var page = Open<AuditPage>("request.authorise");
        Click(page, "Export");

        page.WaitForAssertion(() => Assert.Contains(Browser.JSInterop.Invocations, static call => call.Identifier == "agentsystem.download" && Equals(call.Arguments[0], "audit-export.jsonl")));
    }

    [Fact]
    public void Entry_ThatIsSigned_IsProvenStepByStep()
    {
        var page = Open<AuditEntryPage>("Its proof", static parameters => parameters.Add(static page => page.Id, "s1-2"));

        Assert.Equal(["holds", "holds", "holds", "holds"], page.FindAll(".steps .badge").Select(static badge => badge.TextContent));
        Assert.Contains("403", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Entry_ThatIsNotSignedYet_SaysSo()
    {
        var page = Open<AuditEntryPage>("Its proof", static parameters => parameters.Add(static page => page.Id, "s1-3"));

        Assert.Equal(["holds", "not yet"], page.FindAll(".steps .badge").Select(static badge => badge.TextContent));
    }

    [Fact]
    public void Entry_ThatWasChanged_FailsItsProof()
    {
        Api.Audit.Tampered = true;
        var page = Open<AuditEntryPage>("Its proof", static parameters => parameters.Add(static page => page.Id, "s1-2"));

        Assert.Equal(["does not hold", "does not hold", "does not hold", "holds"], page.FindAll(".steps .badge").Select(static badge => badge.TextContent));
    }

    [Fact]
    public void Entry_ThatIsNotThere_SaysWhy() => Open<AuditEntryPage>("There is no entry", static parameters => parameters.Add(static page => page.Id, "s1-9"));

    /// <summary>The field under a visible label.</summary>
    private static IElement Field(IRenderedComponent<AuditPage> page, string label) =>
        page.FindAll("label").Single(each => each.QuerySelector("span")?.TextContent == label).QuerySelector("input, select")!;
}
