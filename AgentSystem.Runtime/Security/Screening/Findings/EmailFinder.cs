namespace AgentSystem.Runtime.Security.Screening.Findings;

/// <summary>E-mail addresses, also the spelled ones ("name [at] host [dot] org").</summary>
internal static class EmailFinder
{
    private const int LongestName = 64, LongestHost = 253;

    private static readonly string[] Ats = ["@", " [at] ", "[at]", " (at) ", "(at)"], Dots = [".", " [dot] ", "[dot]", " (dot) ", "(dot)"];

    public static void Find(string text, List<Finding> to)
    {
        for (var i = 0; i < text.Length; i++)
        {
            // Longest spelling first, and none inside a name.
            var at = text[i] is '@' or ' ' or '[' or '(' ? Spelling(text, i, Ats) : 0;
            if (at == 0)
            {
                continue;
            }

            var start = i;
            while (start > 0 && i - start < LongestName && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '%' or '+' or '-' or '\''))
            {
                start--;
            }

            while (start < i && !char.IsLetterOrDigit(text[start]) && text[start] != '_')
            {
                start++;
            }

            var end = Host(text, i + at);
            if (start < i && end > 0)
            {
                to.Add(new Finding("EMAIL_ADDRESS", start, end, $"{text[start]}***@***{text[text.LastIndexOfAny(['.', ')', ']'], end - 1)..end].Trim(']', ')', ' ')}"));
                i = end - 1;
            }
        }
    }

    private static int Spelling(string text, int index, string[] spellings)
    {
        foreach (var each in spellings)
        {
            if (string.CompareOrdinal(text, index, each, 0, each.Length) == 0)
            {
                return each.Length;
            }
        }

        return 0;
    }

    /// <summary>The place after the host, which needs a dot and ends with at least two letters; 0 when there is none.</summary>
    private static int Host(string text, int from)
    {
        var (at, end) = (from, 0);
        for (var labels = 0; at - from < LongestHost; labels++)
        {
            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || (text[at] == '-' && at > start)))
            {
                at++;
            }

            if (at == start)
            {
                break;
            }

            var top = text.AsSpan(start, at - start);
            end = labels > 0 && top.Length >= 2 && !top.ContainsAnyExceptInRange('A', '\uFFFF') && !top.ContainsAny('-', '_') && char.IsLetter(top[0]) ? at : end;
            var dot = at < text.Length ? Spelling(text, at, Dots) : 0;
            if (dot == 0)
            {
                break;
            }

            at += dot;
        }

        return end;
    }
}
