using System.Text;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Documents.Markdown;
using AgentSystem.Runtime.Documents.Text;

namespace AgentSystem.Tests.Runtime.Documents;

public sealed class TextFormatTests
{
    public static TheoryData<byte[]> Encodings() => new()
    {
        Encoding.UTF8.GetBytes("Grüße, Zoë – 5 €"),
        (byte[])[.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("Grüße, Zoë – 5 €")],
        (byte[])[.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("Grüße, Zoë – 5 €")],
        (byte[])[.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("Grüße, Zoë – 5 €")],
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Decode_EveryEncodingItKnows_GivesTheSameText(byte[] content) => Assert.Equal("Grüße, Zoë – 5 €", TextDecoder.Decode(content));

    [Theory]
    [InlineData(new byte[] { (byte)'G', (byte)'r', 0xFC, 0xDF, (byte)'e' })]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'G', 0xFC })]
    public void Extract_BytesOfAnUnknownEncoding_IsRefusedAndNeverGuessed(byte[] content)
    {
        Assert.Null(TextDecoder.Decode(content));
        foreach (IDocumentFormat format in new IDocumentFormat[] { new PlainTextFormat(), new MarkdownFormat() })
        {
            var refusal = Assert.IsType<Extraction.Refused>(format.Extract(content, new DocumentsOptions(), CancellationToken.None)).Refusal;
            Assert.Equal((422, "document_encoding"), (refusal.Status, refusal.Code));
            Assert.Contains("UTF-8", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("[a](")]
    [InlineData("](")]
    [InlineData("[a][")]
    [InlineData("<!--")]
    [InlineData("a\n")]
    [InlineData("<a")]
    [InlineData("*_")]
    [InlineData("# ####")]
    public async Task Extract_MarkdownThatNeverCloses_IsReadSoon(string open)
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, 1_000_000)) + "x");
        // Were it quadratic, nobody would wait for it.
        var extraction = await Task.Run(() => new MarkdownFormat().Extract(content, new DocumentsOptions(), CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        Assert.IsType<Extraction.Text>(extraction);
    }

    [Fact]
    public void Extract_MarkdownLinks_KeepTheirWordsAndLoseTheirTargets() => Assert.Equal(
        "a [b c d [e] f g](x [h",
        Assert.Single(Blocks(new MarkdownFormat(), "a \\[b [c](http://x) [d][n] [e] ![f](data:image/png;base64,AAAA) g](x [h")).Text);

    [Fact]
    public void Extract_PlainText_JoinsWrappedLinesAndKeepsTheOthers()
    {
        var text = Plain("Parental leave lasts sixteen weeks at full\r\npay for everyone who has been with us for a\r\nyear.\r\n\r\nNames:\r\n- Anna\r\n- Bert\r\n\r\nTo:\r\nMain Street 5\r\n🎉 Town");
        Assert.Equal(
            ["Parental leave lasts sixteen weeks at full pay for everyone who has been with us for a year.", "Names:\n- Anna\n- Bert", "To:\nMain Street 5\n🎉 Town"],
            text.Select(block => block.Text));
    }

    [Fact]
    public void Extract_WhatNobodySees_IsLeftOut() => Assert.Equal("ab c\uFFFDd", Assert.Single(Plain("\u0002a\u0003\u00ADb \t c\u200B\uFFFDd\u0007")).Text);

    [Fact]
    public void Extract_Markdown_KeepsTheOutlineAndDropsTheMarks()
    {
        const string source = """
            # The *Handbook* #

            Leave is **paid** for
            [sixteen weeks](https://example.com/x "t"), see `leave_policy` and snake_case; 2*3 is 6.

            Parental leave
            --------------
            > Ask ![logo](x.png)your manager.
            <!-- not this
            nor this --> but this &amp; that

            - one
            - two
              goes on

            | day | hours |
            |-----|:-----:|
            | Mon | 8 |

            ```sh
            run  *this*
            ```

            <b>bold</b><br>next <https://example.com> a < b
            """;
        var blocks = Blocks(new MarkdownFormat(), source);
        Assert.Equal(
            [
                (1, "The Handbook"),
                (0, "Leave is paid for sixteen weeks, see leave_policy and snake_case; 2*3 is 6."),
                (2, "Parental leave"),
                (0, "Ask logoyour manager."),
                (0, "but this & that"),
                (0, "- one\n- two goes on"),
                (0, "day | hours\nMon | 8"),
                (0, "run *this*"),
                (0, "bold\nnext https://example.com a < b"),
            ],
            blocks.Select(block => (block.Level, block.Text)));
    }

    [Theory]
    [InlineData("handbook.pdf", null, "just text", null, "media_type_mismatch")]
    [InlineData("handbook.txt", null, "%PDF-1.7", null, "media_type_mismatch")]
    [InlineData("handbook.md", null, "PK\u0003\u0004", null, "media_type_mismatch")]
    [InlineData("handbook.docx", null, "PK\u0003\u0004", null, "media_type_not_supported")]
    [InlineData("handbook", null, "a\0b", null, "media_type_not_supported")]
    [InlineData("handbook.md", "text/plain", "text", "text/markdown", null)]
    [InlineData("handbook", "text/markdown", "text", "text/markdown", null)]
    [InlineData("handbook", "application/octet-stream", " <!DOCTYPE html><p>x", "text/html", null)]
    [InlineData("page.txt", null, "<html>", "text/plain", null)]
    [InlineData(null, null, "%PDF-1.4", "application/pdf", null)]
    public void Decide_ByContentAndName_GivesTheTypeOrNamesTheMismatch(string? name, string? declared, string content, string? type, string? code)
    {
        var (mediaType, refusal) = MediaTypes.Decide(Encoding.Latin1.GetBytes(content), name, declared);
        Assert.Equal((type, code), (mediaType, refusal?.Code));
    }

    private static IReadOnlyList<TextBlock> Plain(string text) => Blocks(new PlainTextFormat(), text);

    private static IReadOnlyList<TextBlock> Blocks(IDocumentFormat format, string text) =>
        Assert.IsType<Extraction.Text>(format.Extract(Encoding.UTF8.GetBytes(text), new DocumentsOptions(), CancellationToken.None)).Blocks;
}
