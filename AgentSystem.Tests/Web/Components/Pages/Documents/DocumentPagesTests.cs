using AgentSystem.Tests.Web.Harness;
using AgentSystem.Web.Components.Controls;
using AgentSystem.Web.Components.Pages.Documents;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;

namespace AgentSystem.Tests.Web.Components.Pages.Documents;

public sealed class DocumentPagesTests : PageTests
{
    [Fact]
    public void List_Documents_ShowsWhoFindsThem()
    {
        var page = Open<DocumentsPage>("Handbook.pdf");
        Assert.Contains("PDF, 31 pages", page.Markup, StringComparison.Ordinal);
        Assert.Contains("1.4 MB", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void List_Nothing_TeachesWhatDocumentsAreFor()
    {
        Api.Fresh = true;
        Open<DocumentsPage>("No documents yet");
    }

    [Fact]
    public void Upload_SeveralFiles_SaysWhatBecameOfEach()
    {
        var page = Open<DocumentsPage>("Handbook.pdf");
        page.FindComponent<InputFile>().UploadFiles(
            InputFileContent.CreateFromText("Opening hours are 9 to 5.", "hours.txt", contentType: "text/plain"),
            InputFileContent.CreateFromText("%PDF", "encrypted.pdf", contentType: "application/pdf"));
        Shows(page, "document_encrypted");
        Shows(page, "The PDF is encrypted; remove its password and send it again.");
        Assert.Equal([("hours.txt", null, 25L), ("encrypted.pdf", null, 4L)], Api.Documents.Uploads);
        page.WaitForAssertion(() => Assert.Contains("hours.txt", page.Find("tbody").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Upload_TheSameFileAgain_SaysThatItIsThereAndKeepsWhatBecameOfTheFirst()
    {
        var page = Open<DocumentsPage>("Handbook.pdf");
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("Opening hours are 9 to 5.", "hours.txt", contentType: "text/plain"));
        Shows(page, ">added</span>");
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("Opening hours are 9 to 5.", "hours.txt", contentType: "text/plain"));
        Shows(page, "already there");
        Assert.Equal(2, page.FindAll(".uploads li").Count);
    }

    [Fact]
    public void Upload_Empty_IsSaidBeforeItIsSent()
    {
        var page = Open<DocumentsPage>("Handbook.pdf");
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary([], "nothing.txt"));
        Shows(page, "The file is empty");
        Assert.Empty(Api.Documents.Uploads);
    }

    [Fact]
    public void Upload_TooLarge_IsRefusedBeforeItIsSent()
    {
        var page = Open<DocumentsPage>("Handbook.pdf");
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(new byte[21 * 1024 * 1024], "huge.txt"));
        Shows(page, "file_too_large");
        Assert.Empty(Api.Documents.Uploads);
    }

    [Fact]
    public void TrySearch_Words_ShowsThePlaceWithoutBelievingItsMarkup()
    {
        var page = Open<DocumentsPage>("Handbook.pdf");
        Do(page, () => page.Find("[aria-label='Search in the documents']").Input("refund"));
        Do(page, () => page.Find("form.ask").Submit());
        Shows(page, "<mark>refund</mark>");
        Assert.Empty(page.FindAll("blockquote img"));
        Assert.Contains("page 5", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void TrySearch_NothingFound_SaysSo()
    {
        var page = Open<DocumentsPage>("Handbook.pdf");
        Do(page, () => page.Find("[aria-label='Search in the documents']").Input("unicorns"));
        Do(page, () => page.Find("form.ask").Submit());
        Shows(page, "Nothing is found for");
        Shows(page, "in the documents all agents share");
    }

    [Fact]
    public void List_Deleted_IsGone()
    {
        var page = Open<DocumentsPage>("Handbook.pdf");
        Do(page, () => page.Find("[aria-label='Delete Handbook.pdf']").Click());
        Press("Delete");
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Document_Text_IsShownPieceByPieceAsText()
    {
        var page = Open<DocumentPage>("Goods can be sent back", static page => page.Add(static p => p.Id, "doc_1"));
        Assert.Equal(3, page.FindAll("ol.chunks li").Count);
        Assert.Empty(page.FindAll("script"));
    }

    [Fact]
    public void Document_Unknown_SaysSo() => Open<DocumentPage>("document_not_found", static page => page.Add(static p => p.Id, "doc_none"));

    [Theory]
    [InlineData("a \u0002b\u0003 c", "a |*b| c")]
    [InlineData("\u0002b\u0003", "*b")]
    [InlineData("\u0003plain\u0002", "plain")]
    [InlineData("\u0002open", "*open")]
    [InlineData("", "")]
    public void Parts_AnySnippet_KeepsEveryWord(string snippet, string expected) =>
        Assert.Equal(expected, string.Join('|', MarkedText.Parts(snippet).Select(static part => (part.Marked ? "*" : "") + part.Text)));
}
