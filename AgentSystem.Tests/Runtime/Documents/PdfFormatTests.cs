using System.Text;
using AgentSystem.Runtime.Documents;
using AgentSystem.Runtime.Documents.PdfPig;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Documents;

public sealed class PdfFormatTests
{
    [Fact]
    public void Extract_Pages_GivesHeadingsParagraphsAndTheirPages()
    {
        var pdf = TinyPdf.WithContents(
            TinyPdf.Page(
                (20, 72, 720, "Travel"), (11, 72, 690, "Trains come first on every journey that takes less than a"), (11, 72, 677, "day. Whoever flies needs a per-"), (11, 72, 664, "mit from the office."),
                (11, 72, 630, "- one"), (11, 72, 617, "- two")),
            TinyPdf.Page((11, 72, 720, "Gr\\374\\337e, \\(Zo\\353\\)")));
        var text = Assert.IsType<Extraction.Text>(Extract(pdf));
        Assert.Equal(2, text.Pages);
        Assert.Equal(
            [(1, "Travel", 1), (0, "Trains come first on every journey that takes less than a day. Whoever flies needs a permit from the office.", 1), (0, "- one\n- two", 1), (0, "Grüße, (Zoë)", 2)],
            text.Blocks.Select(block => (block.Level, block.Text, block.Page!.Value)));
    }

    [Fact]
    public void Extract_WordsSetApart_HaveBlanksBetween() =>
        Assert.Equal("Two words", Assert.Single(Assert.IsType<Extraction.Text>(Extract(TinyPdf.WithContents("BT /F1 12 Tf 72 700 Td [(T) 20 (wo) -600 (words)] TJ ET"))).Blocks).Text);

    [Fact]
    public void Extract_WhatCannotBeRead_IsRefusedWithItsOwnCure()
    {
        Assert.Equal("document_encrypted", Refusal(TinyPdf.Encrypted()));
        Assert.Equal("document_without_text", Refusal(TinyPdf.WithContents("0 0 m 100 100 l S", "")));
        Assert.Equal("document_unreadable", Refusal("%PDF-1.7\nnothing of the kind"u8.ToArray()));
        Assert.Equal("document_too_long", Refusal(TinyPdf.WithContents("", "", ""), new DocumentsOptions { MaxPages = 2 }));
        Assert.Equal("document_too_long", Refusal(TinyPdf.WithContents(TinyPdf.Page((11, 72, 700, new string('x', 2_000)))), new DocumentsOptions { MaxCharacters = 1_000 }));
    }

    [Fact]
    public void Extract_Bombs_AreRefusedBeforeTheyGrow()
    {
        Assert.Equal("document_too_complex", Refusal(TinyPdf.Bomb(200_000_000)));
        // One stream of a megabyte, named a hundred times by its page.
        var large = TinyPdf.Raw("",
            "<< /Type /Catalog /Pages 2 0 R >>"u8.ToArray(), "<< /Type /Pages /Count 1 /Kids [3 0 R] >>"u8.ToArray(),
            Encoding.Latin1.GetBytes($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents [{string.Concat(Enumerable.Repeat("4 0 R ", 100))}] >>"),
            [.. Encoding.Latin1.GetBytes($"<< /Length {1 << 20} >>\nstream\n"), .. Enumerable.Repeat((byte)' ', 1 << 20), .. "\nendstream"u8]);
        Assert.Equal("document_too_complex", Refusal(large));
        // A thousand levels of a hundred thousand would end the process, were they followed by recursion.
        var deep = TinyPdf.Raw("", Encoding.Latin1.GetBytes("<< /Type /Catalog /Pages " + new string('[', 100_000) + " >>"));
        Assert.Equal("document_unreadable", Refusal(deep));
        // A form that shows itself ten times over, and so on.
        Assert.NotNull(Extract(TinyPdf.Raw("",
            "<< /Type /Catalog /Pages 2 0 R >>"u8.ToArray(), "<< /Type /Pages /Count 1 /Kids [2 0 R] >>"u8.ToArray())));
    }

    [Fact]
    public void Extract_APageThatShowsTextMoreOftenThanAnyPage_IsRefused()
    {
        Assert.Equal("document_too_complex", Refusal(TinyPdf.WithContents("BT /F1 12 Tf 72 700 Td " + string.Concat(Enumerable.Repeat("(x) Tj ", 300_000)) + "ET")));
        // Nothing is shown, so there are no glyphs to count.
        Assert.Equal("document_too_complex", Refusal(TinyPdf.WithContents("BT /F1 12 Tf 72 700 Td " + string.Concat(Enumerable.Repeat("() Tj ", 300_000)) + "ET")));
    }

    [Fact]
    public void Extract_ManyPagesThatShowTextOften_AreRead() =>
        Assert.IsType<Extraction.Text>(Extract(TinyPdf.WithContents([.. Enumerable.Repeat("BT /F1 12 Tf 72 700 Td " + string.Concat(Enumerable.Repeat("(x) Tj ", 2_000)) + "ET", 30)])));

    [Fact]
    public void Extract_DamagedFiles_NeverThrowAnythingButCancellation()
    {
        var whole = TinyPdf.WithContents(TinyPdf.Page((20, 72, 720, "Travel"), (11, 72, 690, "Trains come first.")), TinyPdf.Page((11, 72, 720, "More")));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Array[1, 6].Sample(damages =>
        {
            var pdf = (byte[])whole.Clone();
            foreach (var (at, value, _) in damages)
            {
                pdf[at] = value;
            }

            var length = damages[0].Item3 % 3 == 0 ? damages[0].Item3 : pdf.Length;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
            Assert.NotNull(new PdfFormat().Extract(pdf.AsMemory(0, length), new DocumentsOptions(), patience.Token));
        }, iter: 300);
    }

    [Fact]
    public void UnpackedSize_OfLzwAndRuns_IsWhatTheyUnpackTo()
    {
        // The example of ISO 32000-1, 7.4.4.2: 45 45 45 45 45 65 45 45 45 66.
        byte[] lzw = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        Assert.Equal(10, UnpackedSize.OfLzw(lzw, 1_000));
        Assert.Equal(3 + 128, UnpackedSize.OfRunLength([2, 1, 2, 3, 129, 7, 128, 9, 9], 1_000));
    }

    private static Extraction Extract(byte[] pdf, DocumentsOptions? options = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        return new PdfFormat().Extract(pdf, options ?? new DocumentsOptions(), patience.Token);
    }

    private static string? Refusal(byte[] pdf, DocumentsOptions? options = null) => (Extract(pdf, options) as Extraction.Refused)?.Refusal.Code;
}
