using System.Runtime.InteropServices;

namespace AgentSystem.Runtime.Security.Guard;

/// <summary>
/// Follows how many words in a row a text repeats from the instructions. Words are compared without case and signs, by 64-bit hashes (FNV-1a); in scripts without spaces every letter is a word.
/// </summary>
internal sealed class PromptOverlap
{
    /// <summary>So many words in a row are a quotation of the instructions and no turn of phrase.</summary>
    public const int Leak = 25;

    private readonly HashSet<ulong> grams = [];
    private Words text;

    /// <summary>Prepares for the instructions; shorter ones than <see cref="Leak"/> words can be repeated by chance and are not followed.</summary>
    public PromptOverlap(string instructions)
    {
        var words = default(Words);
        foreach (var c in instructions.AsSpan())
        {
            Take(ref words, c);
        }

        Take(ref words, ' ');
        if (words.Count < Leak)
        {
            grams.Clear();
        }
    }

    /// <summary>Words in a row that stand like this in the instructions, up to now.</summary>
    public int Run { get; private set; }

    /// <summary>Reads on.</summary>
    public void Next(char c)
    {
        if (grams.Count > 0 && text.Read(c))
        {
            Run = text.Gram is { } gram && grams.Contains(gram) ? Run == 0 ? Words.Length : Run + 1 : 0;
        }
    }

    private void Take(ref Words words, char c)
    {
        if (words.Read(c) && words.Gram is { } gram)
        {
            grams.Add(gram);
        }
    }

    /// <summary>The last few words of a text that is read letter by letter.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Words
    {
        /// <summary>Words that are compared together.</summary>
        public const int Length = 5;

        private const ulong Basis = 14_695_981_039_346_656_037, Prime = 1_099_511_628_211;
        private const char FirstIdeographic = '\u2E80';

        private ulong first, second, third, fourth, fifth, word;

        /// <summary>Words so far.</summary>
        public int Count { get; private set; }

        /// <summary>The last words as one number; null while there are fewer.</summary>
        public readonly ulong? Gram => Count < Length ? null : ((((((((first * Prime) ^ second) * Prime) ^ third) * Prime) ^ fourth) * Prime) ^ fifth) * Prime;

        /// <summary>Reads on; true when a word has ended.</summary>
        public bool Read(char c)
        {
            var letter = char.IsLetterOrDigit(c);
            if (letter && c < FirstIdeographic)
            {
                word = ((word == 0 ? Basis : word) ^ char.ToLowerInvariant(c)) * Prime;
                return false;
            }

            var ended = word != 0;
            if (ended)
            {
                Push(word);
                word = 0;
            }

            if (letter)
            {
                Push((Basis ^ c) * Prime);
            }

            return ended || letter;
        }

        private void Push(ulong hash)
        {
            (first, second, third, fourth, fifth) = (second, third, fourth, fifth, hash);
            Count++;
        }
    }
}
