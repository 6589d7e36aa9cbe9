using AgentSystem.Contracts.Monitoring;
using AgentSystem.Contracts.Usage;
using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Clients;
using AgentSystem.Web.Components.Controls;
using Bunit;

namespace AgentSystem.Tests.Web.Components.Controls;

public sealed class ControlTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 30, 40, TimeSpan.Zero);

    [Fact]
    public void SafeText_MarkupInAnAnswer_IsOnlyText()
    {
        var text = Render<SafeText>(static control => control.Add(static c => c.Text, "Hi <img src=x onerror=alert(1)> **<b>you</b>** `<script>`"));
        Assert.Empty(text.FindAll("img, b, script"));
        Assert.Equal("<b>you</b>", text.Find("strong").TextContent);
        Assert.Equal("<script>", text.Find("code").TextContent);
    }

    [Fact]
    public void MinuteChart_SparseMinutes_ShowsEveryMinuteAndSaysTheSum()
    {
        MinuteBucket[] minutes = [new(Now.AddMinutes(-3), 4, 1), new(Now, 6, 0), new(Now.AddMinutes(-90), 50, 0)];
        var chart = Render<MinuteChart>(control => control.Add(static c => c.Minutes, minutes).Add(static c => c.WindowMinutes, 10).Add(static c => c.Now, Now));
        Assert.Equal(10, chart.FindAll("g").Count);
        Assert.Equal("10 requests in the last 10 minutes, 1 of them failed; at most 6 in one minute.", chart.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public void MinuteChart_NothingYet_IsEmptyNotBroken()
    {
        var chart = Render<MinuteChart>(static control => control.Add(static c => c.Minutes, []).Add(static c => c.Now, Now));
        Assert.All(chart.FindAll("rect.served"), static bar => Assert.Equal("0", bar.GetAttribute("height")));
    }

    [Theory]
    [InlineData(503, 1)]
    [InlineData(404, 0)]
    public void FailureNotice_TryAgain_IsOfferedWhereItCanHelp(int status, int buttons)
    {
        var notice = Render<FailureNotice>(control => control.Add(static c => c.Failure, new ApiFailure(status, "code", "Words.")).Add(static c => c.OnRetry, static () => { }));
        Assert.Equal(buttons, notice.FindAll("button").Count);
    }

    [Fact]
    public void ChipChoice_Toggled_KeepsTheOrderOfItsOptions()
    {
        IReadOnlyList<string> chosen = ["b"];
        var chips = Render<ChipChoice>(control => control
            .Add(static c => c.Label, "Scopes").Add(static c => c.Options, ["a", "b", "c"])
            .Add(static c => c.Chosen, chosen).Add(static c => c.ChosenChanged, now => chosen = now));
        chips.FindAll("input")[0].Change(true);
        Assert.Equal(["a", "b"], chosen);
    }

    [Fact]
    public void Parts_OfARequest_AddUpToItsTime()
    {
        var request = ScriptedFigures.Find("req_0001", Now)!;
        var parts = RequestSheet.Parts(request);
        Assert.Equal(request.DurationMs, parts.Sum(static part => part.Milliseconds), 6);
    }

    [Fact]
    public void Parts_ToolsInParallel_NeverGiveTheModelLessThanNothing()
    {
        var request = ScriptedFigures.Find("req_0001", Now)! with { DurationMs = 10, Tools = [new ToolUse("a", "success", 9), new ToolUse("b", "success", 9)] };
        Assert.All(RequestSheet.Parts(request), static part => Assert.True(part.Milliseconds >= 0));
    }
}
