using AgentSystem.Web.Components.Controls;
using CsCheck;

namespace AgentSystem.Tests.Web.Components.Controls;

public sealed class TextBlocksTests
{
    [Fact]
    public void Parse_ParagraphsListsAndCode_AreToldApart()
    {
        var blocks = TextBlocks.Parse("Two ways:\n- one\n- two\n\n3. third\n4. fourth\n```sh\necho <b>\n```\nDone\nnow");
        Assert.Collection(
            blocks,
            static block => Assert.Equal(new Paragraph("Two ways:"), block),
            static block => Assert.Equal(["one", "two"], Assert.IsType<ListBlock>(block).Items),
            static block => Assert.Equal((true, 3), (Assert.IsType<ListBlock>(block).Ordered, ((ListBlock)block).Start)),
            static block => Assert.Equal(new CodeBlock("echo <b>"), block),
            static block => Assert.Equal(new Paragraph("Done\nnow"), block));
    }

    [Fact]
    public void Parse_FenceStillOpen_IsCodeStreamingIn() =>
        Assert.Equal([new Paragraph("Here:"), new CodeBlock("let x")], TextBlocks.Parse("Here:\n```\nlet x"));

    [Fact]
    public void Spans_MarksWithoutTheirEnd_StayAsWritten() =>
        Assert.Equal([new TextSpan(SpanStyle.Plain, "2 ** 3 and `half")], TextBlocks.Spans("2 ** 3 and `half"));

    [Fact]
    public void Spans_AnyText_LosesNothingButItsMarks() => Gen.String[Gen.Char["ab *`<>&\n"], 0, 40].Sample(text =>
    {
        var spans = TextBlocks.Spans(text);
        var written = string.Concat(spans.Select(static span => span.Style switch
        {
            SpanStyle.Code => $"`{span.Text}`",
            SpanStyle.Strong => $"**{span.Text}**",
            _ => span.Text,
        }));
        return written == text;
    });

    [Fact]
    public void Parse_AnyText_EndsAndKeepsItsWords() => Gen.String[Gen.Char["ab-*1. `\n"], 0, 60].Sample(text =>
    {
        var kept = string.Concat(TextBlocks.Parse(text).Select(static block => block switch
        {
            Paragraph paragraph => paragraph.Text,
            CodeBlock code => code.Text,
            ListBlock list => string.Concat(list.Items),
            _ => "",
        }));
        return text.Contains("```", StringComparison.Ordinal) || kept.Count(char.IsLetter) == text.Count(char.IsLetter);
    });
}
