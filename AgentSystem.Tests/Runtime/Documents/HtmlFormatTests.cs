using System.Text;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Documents.AngleSharp;

namespace AgentSystem.Tests.Runtime.Documents;

public sealed class HtmlFormatTests
{
    [Fact]
    public void Extract_APage_GivesWhatAReaderSees()
    {
        const string page = """
            <!DOCTYPE html><html><head><title>Not text</title><style>p { color: red }</style></head>
            <body onload="steal()"><!-- secret -->
            <h1>Hand<em>book</em></h1>
            <p onclick="x()">Fish &amp; chips cost 5&nbsp;&euro;,
            says <a href="http://127.0.0.1:9/">Zo&euml;</a>.<script>document.write("no")</script></p>
            <template><p>no</p></template><noscript>no</noscript><iframe src="http://127.0.0.1:9/">no</iframe>
            <div hidden>no</div><div style="display : none">no</div><span aria-hidden="true">no</span><dialog>no</dialog>
            <h2>Lists</h2><ul><li>one<li>two <ul><li>inner</ul></ul>
            <table><tr><th>Day<th>Hours<tr><td>Mon<td>8</table>
            line<br>break<img src=x onerror=alert(1) alt="no">
            <pre>a
              b</pre>
            <svg><text>no</text></svg>
            </body></html>
            """;
        Assert.Equal(
            [(1, "Handbook"), (0, "Fish & chips cost 5 €, says Zoë."), (2, "Lists"), (0, "- one\n- two\n- inner"), (0, "Day | Hours\nMon | 8"), (0, "line\nbreak"), (0, "a\nb")],
            Blocks(page).Select(block => (block.Level, block.Text)));
    }

    [Theory]
    [InlineData("<p>one<div>two</p>three<b><i>four</b></i>", "one|two|three|fourX")]
    [InlineData("just words < and > & more", "just words < and > & more")]
    [InlineData("<p>cut off <b", "cut off")]
    [InlineData("</p></div><<p>>x", "<|>x")]
    [InlineData("<script>never closed <p>no", "")]
    [InlineData("", "")]
    public void Extract_BrokenMarkup_GivesItsText(string page, string text) =>
        Assert.Equal(text.Replace("|", "", StringComparison.Ordinal).Replace("X", "", StringComparison.Ordinal), string.Concat(Blocks(page).Select(block => block.Text.Replace("\n", "", StringComparison.Ordinal))));

    [Fact]
    public void Extract_InAnotherEncoding_BelievesThePage()
    {
        var bytes = (byte[])[.. "<meta charset='iso-8859-2'><p>"u8, 0xB3, 0xF3, 0xBC];
        Assert.Equal("łóź", Assert.Single(Blocks(bytes)).Text);
    }

    [Fact]
    public void Extract_InAnEncodingThatNothingTells_IsRefused() => Assert.Equal("document_encoding", Refusal((byte[])[.. "<p>Gr"u8, 0xFC, .. "n"u8]));

    [Fact]
    public void Extract_ADeepPage_KeepsItsText() => Assert.Equal("deep", Assert.Single(Blocks(Many("<div>", 500) + "deep" + Many("</div>", 500))).Text);

    [Theory]
    [InlineData("<div>")]
    [InlineData("<b>")]
    [InlineData("<a><div>")]
    [InlineData("<table><td>")]
    [InlineData("<svg>")]
    [InlineData("<ul><li>")]
    public void Extract_ElementsInsideOneAnotherWithoutEnd_IsRefusedSoon(string nested) => Assert.Equal("document_too_complex", Refusal(Encoding.UTF8.GetBytes(Many(nested, 100_000))));

    [Fact]
    public void Extract_MarksThatEveryParagraphOpensAgain_IsRefusedSoon() =>
        Assert.Equal("document_too_complex", Refusal(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<p><b style={i}></p>")))));

    [Theory]
    [InlineData("<table>")]
    [InlineData("<a>")]
    [InlineData("<p>")]
    [InlineData("<li>x")]
    [InlineData("<td>x")]
    [InlineData("x<br>")]
    [InlineData("<table>x<tr>")]
    [InlineData("<option>")]
    [InlineData("<nobr>")]
    [InlineData("<b><p>")]
    [InlineData("<button>")]
    public void Extract_ElementsBesideOneAnotherWithoutEnd_IsReadSoon(string beside) => Assert.NotNull(Blocks(Many(beside, 100_000)));

    [Fact]
    public void Extract_ATagWithAMillionAttributes_IsReadAtOnce() =>
        Assert.Equal("x", Assert.Single(Blocks("<p " + string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"a{i} ")) + ">x")).Text);

    [Fact]
    public void Extract_MoreElementsThanAPageHas_IsRefused() => Assert.Equal("document_too_complex", Refusal(Encoding.UTF8.GetBytes(Many("<b>x</b>", 500_001))));

    private static IReadOnlyList<TextBlock> Blocks(string page) => Blocks(Encoding.UTF8.GetBytes(page));

    private static IReadOnlyList<TextBlock> Blocks(byte[] page) => Assert.IsType<Extraction.Text>(Extract(page)).Blocks;

    private static string Refusal(byte[] page) => Assert.IsType<Extraction.Refused>(Extract(page)).Refusal.Code;

    // Whatever grows with the square of the page takes longer than this.
    private static Extraction Extract(byte[] page)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        return new HtmlFormat().Extract(page, new DocumentsOptions(), patience.Token);
    }

    private static string Many(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
