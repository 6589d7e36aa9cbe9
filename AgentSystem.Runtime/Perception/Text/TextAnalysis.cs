using AgentSystem.Contracts.Perception;

namespace AgentSystem.Runtime.Perception.Text;

/// <summary>Everything that is known of a text, in time that grows with its length.</summary>
internal static class TextAnalysis
{
    /// <param name="now">What relative dates count from.</param>
    public static TextFacts Of(string text, DateTimeOffset now)
    {
        var language = LanguageDetector.Detect(text);
        var reader = new StructureReader();
        var structure = reader.Read(text);
        var (dates, moreDates) = DateFinder.Find(text, language.Code, now);
        var (entities, moreEntities) = EntityFinder.Find(text, language.Code, dates);
        return new TextFacts(text.Length, Words(text), reader.Lines, reader.Paragraphs, language, structure, entities, dates, reader.Truncated || moreDates || moreEntities);
    }

    private static int Words(string text)
    {
        var (words, inWord) = (0, false);
        foreach (var c in text)
        {
            var of = char.IsLetterOrDigit(c) || (inWord && c is '\'' or '’');
            words += of && !inWord ? 1 : 0;
            inWord = of;
        }

        return words;
    }
}
