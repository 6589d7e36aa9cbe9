using AgentSystem.Runtime.Documents;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Documents;

public sealed class ChunkerTests
{
    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz"], 1, 12], Gen.Const("Müller"), Gen.Const("木"), Gen.Const("🎉"), Gen.Const("3.5"), Gen.Const("Dr."), Gen.Const("e.g."),
        Gen.String[Gen.Char["xyz"], 1_150, 2_600], Gen.Const(string.Concat(Enumerable.Repeat("🎉", 700))));

    private static readonly Gen<string> Line = Gen.Select(Word.Array[1, 60], Gen.Char[".!?,"], (words, end) => string.Join(' ', words) + end);

    private static readonly Gen<TextBlock> Block = Gen.Select(
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 6])), Line.Array[1, 4], Gen.Int[1, 9],
        (level, lines, page) => level == 0 ? new TextBlock(0, string.Join('\n', lines), page) : new TextBlock(level, $"Heading {string.Concat(lines[0].Where(char.IsAsciiLetter).Take(20))}".Trim(), page));

    [Fact]
    public void Cut_AnyDocument_LosesNoTextAndKeepsTheOrder() => Block.List[0, 20].Sample(blocks =>
    {
        var chunks = Chunker.Cut(blocks);
        var paragraphs = string.Concat(blocks.Where(block => block.Level == 0).Select(block => Letters(block.Text)));
        var headings = blocks.Where(block => block.Level > 0).Select(block => block.Text).ToHashSet();
        var pieces = string.Concat(chunks.Where(chunk => !headings.Contains(chunk.Text)).Select(chunk => Letters(chunk.Text)));
        Assert.Equal(paragraphs, pieces);
        Assert.All(headings, heading => Assert.Contains(chunks, chunk => chunk.Text == heading || chunk.Heading?.Split(Chunker.PathSeparator).Contains(heading) == true));
    }, iter: 300);

    [Fact]
    public void Cut_AnyDocument_KeepsEveryPieceWithinItsBounds() => Block.List[0, 20].Sample(blocks => Assert.All(Chunker.Cut(blocks), chunk =>
    {
        Assert.InRange(chunk.Text.Length, 1, Chunker.Longest);
        Assert.Equal(chunk.Text.Trim(), chunk.Text);
        Assert.False(char.IsLowSurrogate(chunk.Text[0]) || char.IsHighSurrogate(chunk.Text[^1]), "A character was cut in two.");
    }), iter: 300);

    [Fact]
    public void Cut_LongText_MakesPiecesOfAboutTheWantedSizeOutOfWholeSentences()
    {
        var sentences = Enumerable.Range(1, 200).Select(i => $"Sentence number {i} says a little about the matter at hand and then it stops.");
        var chunks = Chunker.Cut([new TextBlock(0, string.Join(' ', sentences))]);
        Assert.All(chunks.SkipLast(1), chunk => Assert.InRange(chunk.Text.Length, Chunker.Enough, Chunker.Longest));
        Assert.All(chunks, chunk => Assert.True(chunk.Text.StartsWith("Sentence number", StringComparison.Ordinal) && chunk.Text.EndsWith("stops.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Cut_UnderHeadings_TellsThePathAndNeverCrossesOne()
    {
        var chunks = Chunker.Cut(
        [
            new(0, "Preface."), new(1, "Leave"), new(0, "All have leave."), new(2, "Parental"), new(0, "Sixteen weeks.", 3), new(0, "At full pay."), new(2, "Empty"), new(1, "Pay"), new(0, "Monthly."), new(2, "Last"),
        ]);
        Assert.Equal(
            [(null, "Preface."), ("Leave", "All have leave."), ("Leave > Parental", "Sixteen weeks.\n\nAt full pay."), ("Leave", "Empty"), ("Pay", "Monthly."), ("Pay", "Last")],
            chunks.Select(chunk => (chunk.Heading, chunk.Text)));
        Assert.Equal(3, chunks[2].Page);
    }

    [Fact]
    public void Cut_ASentenceLongerThanAPiece_CutsWhereItAlwaysDid() => Gen.Select(Gen.OneOf(Word, Gen.Const(" "), Gen.Const("\u2003")).Array[1, 400], Gen.Int[0, 2]).Sample((words, blanks) =>
    {
        var text = string.Join(new string(' ', blanks), words).Replace(".", "", StringComparison.Ordinal).Trim();
        if (text.Length > 0)
        {
            Assert.Equal(CutByTheOldRule(text), Chunker.Cut([new TextBlock(0, text)]).Select(chunk => chunk.Text));
        }
    }, iter: 500);

    [Fact]
    public void Cut_FiveMegabytesWithoutASentence_IsDoneSoon()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Equal(4_167, Chunker.Cut([new TextBlock(0, new string('x', 5_000_000))], patience.Token).Count);
    }

    [Fact]
    public void Cut_NobodyWaitsAnyMore_Stops() =>
        Assert.Throws<OperationCanceledException>(() => Chunker.Cut([new TextBlock(0, new string('x', 5_000))], new CancellationToken(canceled: true)));

    /// <summary>The rule as it was first written: plain to read, and quadratic, because it copies the rest with each piece.</summary>
    private static IEnumerable<string> CutByTheOldRule(string sentence)
    {
        while (sentence.Length > Chunker.Longest)
        {
            var blank = sentence.LastIndexOf(' ', Chunker.Longest - 1);
            var cut = blank > Chunker.Longest / 2 ? blank : char.IsLowSurrogate(sentence[Chunker.Longest]) ? Chunker.Longest - 1 : Chunker.Longest;
            yield return sentence[..cut].TrimEnd();
            sentence = sentence[cut..].TrimStart();
        }

        yield return sentence;
    }

    private static string Letters(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
