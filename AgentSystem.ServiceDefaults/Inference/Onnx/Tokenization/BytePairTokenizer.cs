using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentSystem.ServiceDefaults.Inference.Onnx.Tokenization;

/// <summary>Byte-level BPE: text to token ids and token ids to bytes. Thread-safe.</summary>
internal sealed class BytePairTokenizer
{
    private const int CachedWords = 50_000;
    private const int LongestCachedWord = 48;

    private readonly FrozenDictionary<long, (int Rank, int Merged)> _merges;
    private readonly int[] _byteTokens = new int[256];
    private readonly byte[]?[] _bytes;
    private readonly FrozenDictionary<string, AddedToken> _added;
    private readonly FrozenDictionary<string, int>? _wholeWords;
    private readonly Regex _words;
    private readonly Regex? _markup;
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);

    /// <summary>Prepares the tables.</summary>
    /// <exception cref="InvalidDataException">A byte or a merge has no token.</exception>
    public BytePairTokenizer(TokenizerFile file)
    {
        _words = file.Words;
        _wholeWords = file.WholeWordsFirst ? file.Vocabulary.ToFrozenDictionary(StringComparer.Ordinal) : null;
        _added = file.AddedTokens.ToFrozenDictionary(token => token.Text, StringComparer.Ordinal);
        _bytes = new byte[]?[1 + Math.Max(file.Vocabulary.Values.Max(), file.AddedTokens.Select(token => token.Id).DefaultIfEmpty().Max())];
        foreach (var (entry, id) in file.Vocabulary)
        {
            _bytes[id] = _added.ContainsKey(entry) ? null : ByteAlphabet.ToBytes(entry);
        }

        for (var value = 0; value < 256; value++)
        {
            _byteTokens[value] = file.Vocabulary.TryGetValue(ByteAlphabet.Symbol((byte)value).ToString(), out var id)
                ? id
                : throw new InvalidDataException($"tokenizer.json: the vocabulary has no token for byte {value}, so some text could not be written at all.");
        }

        _merges = ReadMerges(file).ToFrozenDictionary();
        LongestToken = _bytes.Max(bytes => bytes?.Length ?? 0);
        _markup = file.AddedTokens.Count == 0
            ? null
            : new Regex(string.Join('|', file.AddedTokens.OrderByDescending(token => token.Text.Length).Select(token => Regex.Escape(token.Text))), RegexOptions.CultureInvariant);
    }

    /// <summary>One more than the highest token id.</summary>
    public int VocabularySize => _bytes.Length;

    /// <summary>Bytes of the longest token: a text of n bytes has at least n / this many tokens.</summary>
    public int LongestToken { get; }

    /// <summary>Tokens that stand for marks rather than text, by what they are written as.</summary>
    public IReadOnlyDictionary<string, AddedToken> Added => _added;

    /// <summary>The bytes of a token; null for added tokens and unused ids.</summary>
    public byte[]? Bytes(int token) => (uint)token < (uint)_bytes.Length ? _bytes[token] : null;

    /// <summary>Encodes text of ours: added tokens written out in it become those tokens.</summary>
    public IReadOnlyList<int> EncodeMarkup(string text)
    {
        var prompt = new PromptText();
        prompt.Markup(text);
        return Encode(prompt);
    }

    /// <summary>
    /// Encodes a prompt. Added tokens are recognised in its markup only: a user who types <c>&lt;|im_end|&gt;</c> gets those characters, not the end of a turn.
    /// Text between two added tokens is encoded in one piece, as if it had been one string.
    /// </summary>
    public IReadOnlyList<int> Encode(PromptText prompt)
    {
        var ids = new List<int>();
        var plain = new StringBuilder();
        foreach (var part in prompt.Parts)
        {
            var from = 0;
            if (part.IsMarkup && _markup is not null)
            {
                foreach (Match mark in _markup.Matches(part.Text))
                {
                    plain.Append(part.Text, from, mark.Index - from);
                    EncodePlain(plain.ToString(), ids);
                    plain.Clear();
                    ids.Add(_added[mark.Value].Id);
                    from = mark.Index + mark.Length;
                }
            }

            plain.Append(part.Text, from, part.Text.Length - from);
        }

        EncodePlain(plain.ToString(), ids);
        return ids;
    }

    private static IEnumerable<KeyValuePair<long, (int Rank, int Merged)>> ReadMerges(TokenizerFile file)
    {
        for (var rank = 0; rank < file.Merges.Count; rank++)
        {
            var (left, right) = file.Merges[rank];
            if (!file.Vocabulary.TryGetValue(left, out var leftId) || !file.Vocabulary.TryGetValue(right, out var rightId)
                || !file.Vocabulary.TryGetValue(left + right, out var merged))
            {
                throw new InvalidDataException($"tokenizer.json: merge {rank} ('{left} {right}') names a piece the vocabulary has not.");
            }

            yield return new(Pair(leftId, rightId), (rank, merged));
        }
    }

    private void EncodePlain(string text, List<int> ids)
    {
        foreach (var match in _words.EnumerateMatches(text))
        {
            var word = text.AsSpan(match.Index, match.Length);
            if (word.Length > LongestCachedWord)
            {
                ids.AddRange(Merge(word));
                continue;
            }

            var key = word.ToString();
            if (!_cache.TryGetValue(key, out var pieces))
            {
                pieces = Merge(word);
                if (_cache.Count < CachedWords)
                {
                    _cache.TryAdd(key, pieces);
                }
            }

            ids.AddRange(pieces);
        }
    }

    // A queue of candidate merges over a linked list: n log n, so that a megabyte without a space cannot stall the host.
    private int[] Merge(ReadOnlySpan<char> word)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        if (_wholeWords is not null && _wholeWords.TryGetValue(string.Create(bytes.Length, bytes, (symbols, from) => Symbols(from, symbols)), out var whole))
        {
            return [whole];
        }

        var pieces = Array.ConvertAll(bytes, value => _byteTokens[value]);
        var next = new int[pieces.Length];
        var previous = new int[pieces.Length];
        var candidates = new PriorityQueue<(int At, int Left, int Right), (int Rank, int At)>();
        for (var i = 0; i < pieces.Length; i++)
        {
            next[i] = i + 1;
            previous[i] = i - 1;
        }

        for (var i = 0; i + 1 < pieces.Length; i++)
        {
            Propose(i, i + 1);
        }

        while (candidates.TryDequeue(out var candidate, out _))
        {
            var right = next[candidate.At];
            // Stale when either half has been merged into something else meanwhile.
            if (pieces[candidate.At] != candidate.Left || right >= pieces.Length || pieces[right] != candidate.Right)
            {
                continue;
            }

            pieces[candidate.At] = _merges[Pair(candidate.Left, candidate.Right)].Merged;
            pieces[right] = -1;
            next[candidate.At] = next[right];
            if (next[right] < pieces.Length)
            {
                previous[next[right]] = candidate.At;
                Propose(candidate.At, next[right]);
            }

            if (previous[candidate.At] >= 0)
            {
                Propose(previous[candidate.At], candidate.At);
            }
        }

        return Array.FindAll(pieces, piece => piece >= 0);

        void Propose(int left, int right)
        {
            if (_merges.TryGetValue(Pair(pieces[left], pieces[right]), out var merge))
            {
                candidates.Enqueue((left, pieces[left], pieces[right]), (merge.Rank, left));
            }
        }
    }

    private static void Symbols(byte[] from, Span<char> symbols)
    {
        for (var i = 0; i < from.Length; i++)
        {
            symbols[i] = ByteAlphabet.Symbol(from[i]);
        }
    }

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;
}
