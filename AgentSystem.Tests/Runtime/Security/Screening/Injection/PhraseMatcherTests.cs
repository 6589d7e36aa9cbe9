using AgentSystem.Runtime.Security.Screening.Injection;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Security.Screening.Injection;

public class PhraseMatcherTests
{
    [Fact]
    public void Find_AnyPhrasesInAnyText_FindsWhatASearchForEachFinds()
    {
        var words = Texts.Any('a', 'b', 'c', 'ж').Array[1, 4].Select(letters => new string(letters));
        Gen.Select(words.Array[1, 8].Select(each => each.Distinct().ToArray()), Texts.Any('a', 'b', 'c', 'ж', ' ').Array[0, 60].Select(letters => new string(letters))).Sample((phrases, text) =>
        {
            var found = new PhraseMatcher(phrases.Select((phrase, i) => (phrase, i))).Find(text).ToHashSet();
            var expected = phrases.SelectMany((phrase, i) => Enumerable.Range(0, Math.Max(0, text.Length - phrase.Length + 1))
                .Where(start => string.CompareOrdinal(text, start, phrase, 0, phrase.Length) == 0 && (start == 0 || text[start - 1] == ' ') && (start + phrase.Length == text.Length || text[start + phrase.Length] == ' '))
                .Select(start => new PhraseHit(i, start, start + phrase.Length))).ToHashSet();
            return found.SetEquals(expected);
        });
    }

    [Fact]
    public void Find_APhraseWithAStar_GoesOnInItsLastWord() => Assert.Single(new PhraseMatcher([("instruk*", 7)]).Find("alle instruktionen"));
}
