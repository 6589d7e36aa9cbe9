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
        (byte[])[(byte)'G', (byte)'r', 0xFC, 0xDF, (byte)'e', (byte)',', (byte)' ', (byte)'Z', (byte)'o', 0xEB, (byte)' ', 0x96, (byte)' ', (byte)'5', (byte)' ', 0x80],
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Decode_EveryEncodingItKnows_GivesTheSameText(byte[] content) => Assert.Equal("Grüße, Zoë – 5 €", TextDecoder.Decode(content));

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
