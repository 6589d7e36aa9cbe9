using System.Collections.Frozen;

namespace AgentSystem.Runtime.Documents;

/// <summary>Where sentences begin and end. A line end always ends one: formats join wrapped lines before.</summary>
internal static class Sentences
{
    private static readonly FrozenSet<string> Abbreviations = (
        "mr mrs ms dr prof st sr jr vs etc approx inc ltd co corp dept fig vol ed est no nos art sec para ch pp cf al e.g i.e a.m p.m u.s u.k " +
        "bzw usw ca nr abs art vgl ggf z.b d.h u.a inkl zzgl str tel max min").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sentences of <paramref name="text"/> in their order, without the white space between them; together they hold everything else.</summary>
    public static IReadOnlyList<Range> In(string text)
    {
        var found = new List<Range>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || EndsAt(text, i))
            {
                Add(text, start, i + 1, found);
                start = i + 1;
            }
        }

        Add(text, start, text.Length, found);
        return found;
    }

    private static void Add(string text, int start, int end, List<Range> found)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (end > start)
        {
            found.Add(start..end);
        }
    }

    /// <summary>True where <paramref name="i"/> is the last character of a sentence, its closing quotes and brackets included.</summary>
    private static bool EndsAt(string text, int i)
    {
        if (text[i] is '。' or '！' or '？')
        {
            return true;
        }

        if (i + 1 >= text.Length || text[i + 1] != ' ')
        {
            return false;
        }

        var stop = i;
        while (stop > 0 && text[stop] is '"' or '\'' or '”' or '’' or '»' or '“' or ')' or ']')
        {
            stop--;
        }

        return text[stop] is '.' or '!' or '?' or '…' && (text[stop] != '.' || !IsAbbreviation(text, stop)) && !ContinuesAt(text, i + 1);
    }

    /// <summary>A sentence does not begin with a small letter.</summary>
    private static bool ContinuesAt(string text, int blank)
    {
        var next = blank;
        while (next < text.Length && (text[next] == ' ' || text[next] is '"' or '\'' or '“' or '„' or '«' or '(' or '['))
        {
            next++;
        }

        return next < text.Length && char.IsLower(text[next]);
    }

    /// <summary>A dot after a known short form, an initial, or a number of one or two digits ("4. May") ends no sentence.</summary>
    private static bool IsAbbreviation(string text, int dot)
    {
        var start = dot;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        var word = text.AsSpan(start, dot - start);
        return word.Length switch
        {
            0 => false,
            1 => word[0] != 'I',
            2 when char.IsAsciiDigit(word[0]) && char.IsAsciiDigit(word[1]) => true,
            _ => Abbreviations.Contains(word.ToString()),
        };
    }
}
