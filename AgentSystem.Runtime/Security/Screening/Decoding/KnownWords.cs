namespace AgentSystem.Runtime.Security.Screening.Decoding;

/// <summary>Common words, by which a decoder knows that it has found a text and not noise.</summary>
internal static class KnownWords
{
    private const int Longest = 16;

    // The words of the rules stand for languages that the list of English words does not know.
    private static readonly HashSet<string> Words =
    [
        .. ScreeningResources.Lines("words.txt").SelectMany(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        .. ScreeningResources.Lines("rules.txt").Where(static line => line[0] == '@').SelectMany(static line => line.Split([' ', '|', '*'], StringSplitOptions.RemoveEmptyEntries)).Where(static word => word.Length >= 5 && word.All(char.IsAsciiLetterLower)),
    ];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Look = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True for a common word in lower case.</summary>
    public static bool Has(ReadOnlySpan<char> word) => word.Length is >= 2 and <= Longest && Look.Contains(word);

    /// <summary>
    /// The stretch of words in which the second reading is a text and the first is not: the best sum of +2 for a word known in the second reading, -2 for one
    /// known in the first, -1 for a long word (Kadane's algorithm, linear). Null when fewer than two known words speak for it.
    /// </summary>
    /// <param name="original">A text in lower case.</param>
    /// <param name="other">Another reading of it, of the same length, whose letters stand where the original's stand.</param>
    /// <param name="least">The sum from which on it counts.</param>
    public static (int Start, int End)? Stretch(ReadOnlySpan<char> original, ReadOnlySpan<char> other, int least)
    {
        int sum = 0, start = 0, best = 0, bestStart = 0, bestEnd = 0, words = 0, bestWords = 0;
        for (var i = 0; i < other.Length;)
        {
            if (!char.IsAsciiLetter(other[i]))
            {
                i++;
                continue;
            }

            var from = i;
            while (i < other.Length && char.IsAsciiLetter(other[i]))
            {
                i++;
            }

            if (sum <= 0)
            {
                (sum, start, words) = (0, from, 0);
            }

            words++;
            sum += (Has(other[from..i]) ? 2 : 0) - (Has(original[from..i]) ? 2 : 0) - (i - from > 5 ? 1 : 0);
            if (sum > best)
            {
                (best, bestStart, bestEnd, bestWords) = (sum, start, i, words);
            }
        }

        return best >= least && bestWords * 2 >= least ? (Widen(original, bestStart, -1), Widen(original, bestEnd - 1, 1) + 1) : null;
    }

    /// <summary>Takes in the words beside a stretch that the first reading does not know either: names and rare words of the hidden text.</summary>
    private static int Widen(ReadOnlySpan<char> original, int edge, int by)
    {
        for (var i = edge + by; i >= 0 && i < original.Length;)
        {
            if (!char.IsAsciiLetter(original[i]))
            {
                i += by;
                continue;
            }

            var from = i;
            while (i >= 0 && i < original.Length && char.IsAsciiLetter(original[i]))
            {
                i += by;
            }

            if (Has(by > 0 ? original[from..i] : original[(i + 1)..(from + 1)]))
            {
                break;
            }

            edge = i - by;
        }

        return edge;
    }

    /// <summary>Puts the spaces back into letters that were run together, where known words cover at least four in five of them; null otherwise.</summary>
    public static string? Segment(ReadOnlySpan<char> letters)
    {
        const int Most = 4_096;
        if (letters.Length is < 8 or > Most)
        {
            return null;
        }

        // covered[i]: most letters of the first i that lie in known words, longer words preferred by their squares.
        var (score, step, covered) = (new int[letters.Length + 1], new int[letters.Length + 1], new int[letters.Length + 1]);
        for (var end = 1; end <= letters.Length; end++)
        {
            (score[end], step[end], covered[end]) = (score[end - 1], 1, covered[end - 1]);
            for (var length = 2; length <= Math.Min(Longest, end); length++)
            {
                if (score[end - length] + (length * length) is var candidate && candidate > score[end] && Has(letters.Slice(end - length, length)))
                {
                    (score[end], step[end], covered[end]) = (candidate, length, covered[end - length] + length);
                }
            }
        }

        if (covered[^1] * 5 < letters.Length * 4)
        {
            return null;
        }

        var words = new List<string>();
        for (var end = letters.Length; end > 0; end -= step[end])
        {
            words.Add(letters.Slice(end - step[end], step[end]).ToString());
        }

        words.Reverse();
        return string.Join(' ', words);
    }

    /// <summary>True when decoded bytes or characters read like a text in any language: letters and spaces, hardly any controls.</summary>
    public static bool IsLikelyText(ReadOnlySpan<char> text)
    {
        int letters = 0, spaces = 0, odd = 0;
        foreach (var c in text)
        {
            letters += char.IsLetter(c) || c > 0x2E80 ? 1 : 0;
            spaces += c is ' ' or '\n' ? 1 : 0;
            odd += (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c == '\uFFFD' ? 1 : 0;
        }

        return text.Length >= 6 && odd * 20 <= text.Length && letters * 5 >= text.Length * 3 && (spaces > 0 || HasWord(text));
    }

    /// <summary>The shape of a text without spaces: one identifier in ASCII letters, or at least one known word.</summary>
    private static bool HasWord(ReadOnlySpan<char> text)
    {
        Span<char> lower = stackalloc char[Math.Min(text.Length, 128)];
        text[..lower.Length].ToLowerInvariant(lower);
        for (var i = 0; i < lower.Length; i++)
        {
            for (var length = 4; length <= Math.Min(Longest, lower.Length - i); length++)
            {
                if (Has(lower.Slice(i, length)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
