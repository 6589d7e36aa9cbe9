namespace AgentSystem.Runtime.Security.Screening.Injection;

/// <summary>
/// What the linear models see of a folded text: words, pairs of words, letters of words (4 at a time), classes of words with their orders, concepts, pairs of concepts and rules, hashed
/// (FNV-1a) into <see cref="Buckets"/>, each counted once. Scripts without spaces give one to three characters at a time instead of words.
/// </summary>
internal sealed class InjectionFeatures
{
    /// <summary>Numbers a feature can get.</summary>
    public const int Buckets = 1 << 18;

    private const uint Basis = 2166136261, Prime = 16777619;
    private const int LongestWord = 24, PairGap = 80, LettersAtATime = 4;

    // Classes of words are put together within this many words; numbers are a class of their own.
    private const int Reach = 5;
    private const byte Digits = 255;

    private readonly int[] stamps = new int[Buckets];
    private readonly List<int> found = [];
    private int stamp;

    /// <summary>The features of a text; valid until the next call.</summary>
    public IReadOnlyList<int> Of(ReadOnlySpan<char> text, RuleFindings findings)
    {
        found.Clear();
        stamp++;
        Words(text);
        Concepts(findings);
        return found;
    }

    /// <summary>Adds a feature that is not in the text itself, such as its place in a document.</summary>
    public void Add(string name) => Add(Hash(Basis, name));

    private static uint Hash(uint hash, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * Prime;
        }

        return hash;
    }

    private static bool IsUnspaced(char c) => c is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1780' and <= '\u17FF') or (>= '\u3040' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF');

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.NonSpacingMark || char.IsSurrogate(c);

    private void Words(ReadOnlySpan<char> text)
    {
        uint before = 0, earlier = 0;
        var count = 0;
        Span<byte> recent = stackalloc byte[Reach];
        recent.Clear();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (IsUnspaced(text[i]))
            {
                for (var length = 1; length <= 3 && i + length <= text.Length; length++)
                {
                    Add(Hash(Basis + 11, text.Slice(i, length)));
                }

                i++;
                continue;
            }

            while (i < text.Length && IsWord(text[i]) && !IsUnspaced(text[i]))
            {
                i++;
            }

            if (i == start)
            {
                i++;
                continue;
            }

            var word = text[start..Math.Min(i, start + LongestWord)];
            var hash = Hash(Basis + 1, word);
            Add(hash);
            if (count > 0)
            {
                Add(((before ^ 0x9E3779B9) * Prime) ^ hash);
            }

            if (count > 1)
            {
                Add((((earlier ^ 0x85EBCA6B) * Prime) ^ hash) * 31);
            }

            if (count < 2)
            {
                Add(Hash(Basis + 2 + (uint)count, word));
            }

            Letters(word);
            Classes(word, recent, count);
            (earlier, before) = (before, hash);
            count++;
        }

        Add("length" + Math.Min(8, System.Numerics.BitOperations.Log2((uint)count + 1)));
        if (text.IndexOf('?') >= 0)
        {
            Add("asks");
        }
    }

    // Classes of words: alone, after one another, and in one order within a few words.
    private void Classes(ReadOnlySpan<char> word, Span<byte> recent, int count)
    {
        var kind = char.IsAsciiDigit(word[0]) ? Digits : WordClasses.Of(word);
        if (kind != 0)
        {
            Add(Hash(Basis + 201, [(char)kind]));
            if (count == 0)
            {
                Add(Hash(Basis + 203, [(char)kind]));
            }

            if (count > 0)
            {
                Add(Hash(Basis + 205, [(char)recent[0], (char)kind]));
            }

            var nearest = 0;
            foreach (var other in recent)
            {
                if (other != 0)
                {
                    Add(Hash(Basis + 207, [(char)other, (char)kind]));
                    if (nearest != 0)
                    {
                        Add(Hash(Basis + 209, [(char)other, (char)nearest, (char)kind]));
                    }

                    nearest = other;
                }
            }
        }

        recent[..^1].CopyTo(recent[1..]);
        recent[0] = kind;
    }

    private void Letters(ReadOnlySpan<char> word)
    {
        Span<char> bounded = stackalloc char[LongestWord + 2];
        bounded[0] = '<';
        word.CopyTo(bounded[1..]);
        bounded[word.Length + 1] = '>';
        var whole = bounded[..(word.Length + 2)];
        for (var i = 0; i + LettersAtATime <= whole.Length; i++)
        {
            Add(Hash(Basis + 5, whole.Slice(i, LettersAtATime)));
        }
    }

    private void Concepts(RuleFindings findings)
    {
        var (last, end) = (-1, 0);
        foreach (var hit in findings.Hits)
        {
            Add(Hash(Basis + 101, [(char)hit.Concept]));
            if (last >= 0 && hit.Start - end <= PairGap && hit.Concept != last)
            {
                Add(Hash(Basis + 103, [(char)last, (char)hit.Concept]));
            }

            (last, end) = (hit.Concept, hit.End);
        }

        foreach (var rule in findings.Rules)
        {
            Add("rule " + rule.Name);
        }
    }

    private void Add(uint hash)
    {
        // Fold the upper bits in: FNV's lower ones alone mix badly in short texts.
        var bucket = (int)((hash ^ (hash >> 15)) & (Buckets - 1));
        if (stamps[bucket] != stamp)
        {
            stamps[bucket] = stamp;
            found.Add(bucket);
        }
    }
}
