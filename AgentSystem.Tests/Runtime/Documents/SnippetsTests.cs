using AgentSystem.Runtime.Documents;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Documents;

public sealed class SnippetsTests
{
    [Theory]
    [InlineData("Sick leave needs a note. Parental leave lasts sixteen weeks. Bring cake.", "parental leave", "Parental leave lasts sixteen weeks.")]
    [InlineData("Parental leave\n\nParental leave lasts sixteen weeks. More follows.", "parental leave", "Parental leave lasts sixteen weeks.")]
    [InlineData("How long is parental leave? Sixteen weeks.", "parental leave", "How long is parental leave? Sixteen weeks.")]
    [InlineData("We repair bikes. The warranty covers the battery for two years.", "bikes battery", "We repair bikes. The warranty covers the battery for two years.")]
    [InlineData("Nothing here. Nor here.", "absent", "Nothing here.")]
    public void Choose_AText_TakesTheSentencesThatAnswer(string text, string wanted, string snippet) => Assert.Equal(snippet, text[Choose(text, wanted)]);

    [Fact]
    public void Choose_ASentenceThatIsTooLong_CutsItBetweenWordsAroundTheWantedOnes()
    {
        var text = string.Join(' ', Enumerable.Repeat("filler", 80)) + " parental leave lasts " + string.Join(' ', Enumerable.Repeat("more", 80)) + ".";
        var snippet = text[Choose(text, "parental leave")];
        Assert.InRange(snippet.Length, 100, Snippets.Longest);
        Assert.StartsWith("parental leave lasts more", snippet, StringComparison.Ordinal);
        Assert.EndsWith("more", snippet, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_AnyText_IsASubstringWithinItsLength() =>
        Gen.Select(OneOf("a", "leave", "Müller's", "x.", "why?", "🎉", "\n", "end!", new string('w', 300), string.Concat(Enumerable.Repeat("🎉", 200))).Array[1, 80], OneOf("leave", "muller", "nothing"))
            .Sample((words, wanted) =>
            {
                var text = string.Join(' ', words).Trim();
                if (text.Length == 0)
                {
                    return;
                }

                var range = Choose(text, wanted);
                var (snippet, marked) = (text[range], Snippets.Mark(text, range, DocumentWords.Of(text), word => word == wanted ? word : null));
                Assert.InRange(snippet.Length, 1, Snippets.Longest);
                Assert.False(char.IsLowSurrogate(snippet[0]) || char.IsHighSurrogate(snippet[^1]));
                Assert.Equal(snippet, marked.Replace("\u0002", "", StringComparison.Ordinal).Replace("\u0003", "", StringComparison.Ordinal));
            });

    [Fact]
    public void Mark_WantedWords_StandBetweenTheMarksAsWritten()
    {
        const string text = "Anna's LEAVE, and leave.";
        Assert.Equal("\u0002Anna's\u0003 \u0002LEAVE\u0003, and \u0002leave\u0003.", Snippets.Mark(text, ..text.Length, DocumentWords.Of(text), word => word is "anna" or "leave" ? word : null));
    }

    [Theory]
    [InlineData("employee-handbook.md and/or v2", "employee handbook md and or v2")]
    [InlineData("Müller's Straße, don’t 3.5 1.2.3 a.b", "muller strasse dont 3.5 1.2.3 a b")]
    [InlineData("会議 room", "会 議 room")]
    [InlineData("''' ... 🎉", "")]
    public void Folded_AText_IsPlainWords(string text, string words) => Assert.Equal(words, DocumentWords.Folded(text));

    [Theory]
    [InlineData("parental leave", "\"parental\" \"leave\"", "\"parental\" or \"leave\"", "parental leave", "")]
    [InlineData("\"parental leave\" -sick or pay", "\"parental leave\" or \"pay\"", "\"parental leave\" or \"pay\"", "parental leave pay", "\"sick\"")]
    [InlineData("wi-fi -\"two words\"", "\"wi fi\"", "\"wi\" or \"fi\"", "wi fi", "\"two words\"")]
    [InlineData("a:* & !b | (c <-> d) \"open", "\"a\" \"b\" \"c\" \"d\" \"open\"", "\"a\" or \"b\" or \"c\" or \"d\" or \"open\"", "a b c d open", "")]
    [InlineData("\"\" -- - '", "", "", "", "")]
    public void Parse_AQuery_IsWordsPhrasesAndExclusions(string query, string all, string any, string words, string excluded) =>
        Assert.Equal(new SearchQuery(all, any, words, excluded), SearchQuery.Parse(query));

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static Range Choose(string text, string wanted)
    {
        var stems = DocumentWords.Of(wanted).Select(word => word.Folded).ToHashSet();
        return Snippets.Choose(text, DocumentWords.Of(text), word => stems.Contains(word) ? word : null);
    }
}
