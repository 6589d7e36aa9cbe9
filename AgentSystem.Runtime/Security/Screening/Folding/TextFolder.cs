using System.Text;

namespace AgentSystem.Runtime.Security.Screening.Folding;

/// <summary>A text as it is compared, and what was odd about it.</summary>
/// <param name="Text">Compatibility forms in lower case, without marks and without anything unseen; newlines stay.</param>
/// <param name="Imitated">The same with look-alikes as the Latin letters they imitate; null when nothing imitates.</param>
/// <param name="Traits">What was counted on the way.</param>
internal sealed record FoldedText(string Text, string? Imitated, FoldTraits Traits);

/// <summary>Counts of what is odd about a text.</summary>
/// <param name="Letters">Letters and digits of the text.</param>
/// <param name="Splitting">Unseen characters between Latin letters, where no script has a use for them.</param>
/// <param name="Styled">Latin letters in other clothes: full width, mathematical, circled.</param>
/// <param name="MixedWords">Words that mix Latin letters with look-alikes of other scripts.</param>
/// <param name="Overrides">Characters that turn the direction of what follows.</param>
/// <param name="Marks">Marks beyond the second on one letter.</param>
internal readonly record struct FoldTraits(int Letters, int Splitting, int Styled, int MixedWords, int Overrides, int Marks);

/// <summary>Folds texts for comparing. Linear in the length of the text.</summary>
internal static class TextFolder
{
    /// <summary>Folds a text; the original is not touched.</summary>
    public static FoldedText Fold(string text)
    {
        var state = new Folding(text.Length);
        for (int i = 0, length; i < text.Length; i += length)
        {
            state.Take(text, i, Unseen.At(text, i, out length));
        }

        return state.End();
    }

    private sealed class Folding(int capacity)
    {
        private readonly StringBuilder plain = new(capacity), imitated = new(capacity), word = new();
        private int letters, splitting, styled, mixed, overrides, crowded, marks, last, wordStart;
        private int wordLatin, wordImitating, wordForeign, latinWords, imitatingWords, foreignWords;
        private bool pendingUnseen;

        public void Take(string text, int index, int code)
        {
            if (FoldTable.IsMark(code))
            {
                crowded += ++marks > 2 ? 1 : 0;
                return;
            }

            marks = 0;
            if (Unseen.IsUnseen(code))
            {
                overrides += code is 0x202D or 0x202E ? 1 : 0;
                pendingUnseen |= Unseen.IsLatin(last) || last is ' ' or '.';
                return;
            }

            splitting += pendingUnseen && (Unseen.IsLatin(code) || code == ' ') ? 1 : 0;
            (pendingUnseen, last) = (false, code);
            if (code < 0x80)
            {
                TakeAscii((char)code);
                return;
            }

            var compatible = FoldTable.Compatible(code);
            if (Rune.IsValid(code) && Rune.IsWhiteSpace(new Rune(code)))
            {
                EndWord();
                Put(code is 0x2028 or 0x2029 or 0x85 ? "\n" : " ");
                return;
            }

            if (FoldTable.Imitated(code) is { } typographic && (Unseen.IsLatin(code) || !Unseen.IsLetter(code)))
            {
                // Curly quotes, dashes, dotless i: spelling of honest texts, folded in both readings.
                TakeAscii(typographic);
                return;
            }

            var shown = compatible ?? (Rune.IsValid(code) ? Rune.ToLowerInvariant(new Rune(code)).ToString() : text[index].ToString());
            var latin = compatible is { Length: > 0 } && compatible[0] < 0x80;
            if (latin || Unseen.IsLetter(code))
            {
                letters++;
                var imitation = FoldTable.Imitated(code) ?? (latin ? null : FoldTable.Imitated(Unseen.At(shown, 0, out _)));
                styled += latin && !Unseen.IsLatin(code) && char.IsAsciiLetter(compatible![0]) ? 1 : 0;
                wordLatin += latin ? 1 : 0;
                wordImitating += !latin && imitation is not null ? 1 : 0;
                wordForeign += !latin && imitation is null ? 1 : 0;
                plain.Append(shown);
                word.Append(imitation ?? shown);
                return;
            }

            EndWord();
            Put(shown);
        }

        public FoldedText End()
        {
            EndWord();
            // A word that is all look-alikes is a word of its own language as a rule; where nearly everything is, or Latin words stand beside it, it is disguise.
            var disguised = mixed > 0 || (imitatingWords > 0 && (latinWords > 0 || imitatingWords >= 4 * foreignWords));
            var text = plain.ToString();
            var other = disguised ? imitated.ToString() : null;
            return new FoldedText(text, other == text ? null : other, new FoldTraits(letters, splitting, styled, mixed, overrides, crowded));
        }

        private void TakeAscii(string text)
        {
            foreach (var c in text)
            {
                TakeAscii(c);
            }
        }

        private void TakeAscii(char c)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                letters++;
                wordLatin += char.IsAsciiLetter(c) ? 1 : 0;
                c = char.ToLowerInvariant(c);
                plain.Append(c);
                word.Append(c);
                return;
            }

            EndWord();
            plain.Append(c == '\r' ? '\n' : c);
            imitated.Append(c == '\r' ? '\n' : c);
            wordStart = plain.Length;
        }

        private void Put(string shown)
        {
            plain.Append(shown);
            imitated.Append(shown);
            wordStart = plain.Length;
        }

        private void EndWord()
        {
            if (word.Length == 0)
            {
                wordStart = plain.Length;
                return;
            }

            var disguise = wordImitating > 0 && wordForeign == 0;
            mixed += disguise && wordLatin > 0 ? 1 : 0;
            imitatingWords += disguise && wordLatin == 0 ? 1 : 0;
            latinWords += wordImitating == 0 && wordForeign == 0 && wordLatin > 1 ? 1 : 0;
            foreignWords += wordForeign > 0 ? 1 : 0;
            imitated.Append(disguise ? word : plain, disguise ? 0 : wordStart, disguise ? word.Length : plain.Length - wordStart);
            word.Clear();
            (wordLatin, wordImitating, wordForeign, wordStart) = (0, 0, 0, plain.Length);
        }
    }
}
