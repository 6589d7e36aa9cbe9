using System.Text;

namespace AgentSystem.Runtime.Security.Screening.Decoding;

/// <summary>Ciphers and games with letters: rotation, mirror alphabet, reversed order, digits for letters, letters set apart. They work on folded texts.</summary>
internal static class LetterDecoders
{
    // How much must speak for a reading: for the one everybody uses less than for those that are hardly ever met.
    private const int Likely = 3, Unlikely = 6;

    /// <summary>Everything of a folded text that these hide.</summary>
    public static IEnumerable<Decoded> Find(string folded)
    {
        if (Spelled(folded) is { } spelled)
        {
            yield return new Decoded("spaced", spelled);
        }

        if (Leet(folded) is { } leet)
        {
            yield return new Decoded("leet", leet);
        }

        if (MorseCode.Read(folded) is { } morse)
        {
            yield return new Decoded("morse", morse);
        }

        foreach (var (name, map) in Ciphers)
        {
            var other = string.Create(folded.Length, (folded, map), static (span, state) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = state.folded[i] is >= 'a' and <= 'z' and var c ? state.map[c - 'a'] : state.folded[i];
                }
            });
            if (KnownWords.Stretch(folded, other, name == "rot13" ? Likely : Unlikely) is var (start, end))
            {
                // Where most of the text is in it, the words at its edges are names and rare ones of the same text.
                yield return new Decoded(name, (end - start) * 2 >= folded.Length ? other : other[start..end]);
            }
        }

        if (Reversed(folded) is { } reversed)
        {
            yield return new Decoded("reversed", reversed);
        }
    }

    private static (string Name, string Map)[] Ciphers { get; } =
    [
        ("rot13", "nopqrstuvwxyzabcdefghijklm"),
        ("atbash", "zyxwvutsrqponmlkjihgfedcba"),
        .. Enumerable.Range(1, 25).Where(static by => by is 1 or 3 or 5 or 7 or 23 or 25).Select(static by => ("caesar", string.Concat(Enumerable.Range(0, 26).Select(i => (char)('a' + ((i + by) % 26)))))),
    ];

    /// <summary>The whole from back to front, and each word by itself.</summary>
    private static string? Reversed(string folded)
    {
        var whole = string.Create(folded.Length, folded, static (span, text) =>
        {
            text.CopyTo(span);
            span.Reverse();
        });
        var words = string.Create(folded.Length, folded, static (span, text) =>
        {
            text.CopyTo(span);
            for (var i = 0; i < span.Length; i++)
            {
                var start = i;
                while (i < span.Length && char.IsLetterOrDigit(span[i]))
                {
                    i++;
                }

                span[start..i].Reverse();
            }
        });
        if (KnownWords.Stretch(folded, words, Unlikely) is not var (start, end))
        {
            return null;
        }

        // Where the words are mirrored, the order tells by nothing; both readings are scanned.
        return words[start..end] + "\n" + whole[(folded.Length - end)..(folded.Length - start)];
    }

    /// <summary>Digits and signs for letters, in words that become known ones; null when fewer than two do.</summary>
    private static string? Leet(string folded)
    {
        StringBuilder? plain = null;
        var (found, copied) = (0, 0);
        Span<char> word = stackalloc char[24];
        for (var i = 0; i < folded.Length; i++)
        {
            var start = i;
            var (letters, digits) = (0, 0);
            while (i < folded.Length && (char.IsAsciiLetterOrDigit(folded[i]) || folded[i] is '@' or '$' or '!' or '|' or '+') && i - start < word.Length)
            {
                letters += char.IsAsciiLetter(folded[i]) ? 1 : 0;
                digits += char.IsAsciiLetter(folded[i]) ? 0 : 1;
                i++;
            }

            var length = i - start;
            if (digits == 0 || letters + digits < 2 || letters * 3 < digits || !(Letters(folded.AsSpan(start, length), word, 'i') || Letters(folded.AsSpan(start, length), word, 'l')))
            {
                continue;
            }

            found++;
            plain ??= new StringBuilder(folded.Length);
            plain.Append(folded, copied, start - copied).Append(word[..length]);
            copied = i;
        }

        return found >= 2 ? plain!.Append(folded, copied, folded.Length - copied).ToString() : null;
    }

    private static bool Letters(ReadOnlySpan<char> leet, Span<char> word, char one)
    {
        for (var i = 0; i < leet.Length; i++)
        {
            word[i] = leet[i] switch { '0' => 'o', '1' or '!' or '|' => one, '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '6' or '9' => 'g', '7' or '+' => 't', '8' => 'b', '2' => 'z', var c => c };
        }

        return KnownWords.Has(word[..leet.Length]);
    }

    /// <summary>Letters set apart by spaces, dots, dashes or underscores; the longest such run, with its words found again.</summary>
    private static string? Spelled(string folded)
    {
        const int Shortest = 8;
        var best = "";
        for (var i = 0; i + 2 < folded.Length; i++)
        {
            if (folded[i + 1] is not (' ' or '.' or '-' or '_' or '*' or '/' or '|' or ',') || !char.IsLetterOrDigit(folded[i]) || !char.IsLetterOrDigit(folded[i + 2]) || (i > 0 && char.IsLetterOrDigit(folded[i - 1])))
            {
                continue;
            }

            var run = Run(folded, ref i, folded[i + 1]);
            best = run.Length > best.Length && run.Count(char.IsLetterOrDigit) >= Shortest ? run : best;
        }

        return best.Length == 0 ? null : best.Contains(' ', StringComparison.Ordinal) ? best : KnownWords.Segment(best);
    }

    private static string Run(string text, ref int i, char apart)
    {
        var run = new StringBuilder();
        while (i < text.Length)
        {
            if (text[i] == '\n')
            {
                break;
            }

            run.Append(text[i]);
            if (i + 1 >= text.Length || text[i + 1] != apart)
            {
                // The next letter is not set apart, or the words are: "i.g.n.o.r.e a.l.l".
                if (i + 3 < text.Length && text[i + 1] == ' ' && text[i + 3] == apart)
                {
                    run.Append(' ');
                    i += 2;
                    continue;
                }

                break;
            }

            if (i + 2 < text.Length && text[i + 2] == apart)
            {
                // A wider gap is a space between words.
                run.Append(' ');
                i += i + 3 < text.Length && text[i + 3] == apart ? 4 : 3;
            }
            else if (i + 3 < text.Length && text[i + 3] != apart && char.IsLetterOrDigit(text[i + 3]))
            {
                break;
            }
            else
            {
                i += 2;
            }
        }

        return run.ToString();
    }
}
