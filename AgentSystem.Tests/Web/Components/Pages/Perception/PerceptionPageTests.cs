using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Pages.Perception;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;

namespace AgentSystem.Tests.Web.Components.Pages.Perception;

public sealed class PerceptionPageTests : PageTests
{
    [Fact]
    public void Text_LookedAt_ShowsItsLanguageDatesAndNames()
    {
        var page = Open<PerceptionPage>("Try it");
        page.Find("#perception-text").Change("We meet Ada Lovelace on 12 March 2027");
        Do(page, () => page.Find("form").Submit());

        Shows(page, "2027-03-12 00:00Z");
        Shows(page, "person: Ada Lovelace");
    }

    [Fact]
    public void Text_Empty_AsksForOne()
    {
        var page = Open<PerceptionPage>("Try it");
        Do(page, () => page.Find("form").Submit());
        Shows(page, "Write a text first.");
    }

    [Fact]
    public void Image_Dropped_ShowsItSmallAndWhatWasTakenAway()
    {
        var page = Upload("house.jpg");

        Shows(page, "told where it was taken");
        Assert.StartsWith("data:image/png", page.Find(".seen img").GetAttribute("src"), StringComparison.Ordinal);
        Shows(page, "00ff00ff00ff00ff");
    }

    [Fact]
    public void Sound_Dropped_DrawsItsLevelAndSaysWhatIsMissing()
    {
        var page = Upload("tape.flac");

        Shows(page, "Perception:TranscriptionModel");
        Assert.Equal("degraded", page.Find(".part .badge").TextContent);
        Assert.Equal(3, page.FindAll(".wave rect").Count);
        Shows(page, "peak -6.0 dBFS");
    }

    [Fact]
    public void File_Refused_SaysWhyAndWhatCuresIt() => Shows(Upload("broken.png"), "send the whole file");

    private IRenderedComponent<PerceptionPage> Upload(string name)
    {
        var page = Open<PerceptionPage>("Try it");
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary([1, 2, 3], name, contentType: "application/octet-stream"));
        return page;
    }
}
