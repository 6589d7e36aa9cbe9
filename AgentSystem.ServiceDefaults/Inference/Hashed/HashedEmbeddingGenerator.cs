using System.Numerics.Tensors;
using System.Text;
using Microsoft.Extensions.AI;

namespace AgentSystem.ServiceDefaults.Inference.Hashed;

/// <summary>
/// Hashes words and their letter sequences (3 to 5) to signed positions ("feature hashing", Weinberger et al. 2009) and scales the sum to length 1. Texts that share words or word stems are
/// near each other; texts that mean the same in other words are not: for that, configure an embedding model. The same text gives the same vector in every process.
/// </summary>
internal sealed class HashedEmbeddingGenerator(string version) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Numbers in a vector.</summary>
    public const int Dimensions = 512;

    private const float LettersWeight = 0.6f;
    private const int CancellationCheck = 64;
    private readonly EmbeddingGeneratorMetadata metadata = new(ModelProviders.Hashed, providerUri: null, version, Dimensions);

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var made = new GeneratedEmbeddings<Embedding<float>>();
        var tokens = 0;
        foreach (var text in values)
        {
            if (made.Count % CancellationCheck == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var (vector, words) = Embed(text);
            tokens += words;
            made.Add(new Embedding<float>(vector) { ModelId = version });
        }

        made.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return Task.FromResult(made);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
        // Nothing is held.
    }

    /// <summary>A text's vector and its number of words, which is what is counted as tokens.</summary>
    internal static (float[] Vector, int Words) Embed(string text)
    {
        var vector = new float[Dimensions];
        var words = 0;
        foreach (var word in Words(text))
        {
            words++;
            Add(vector, "w:", word, 1);
            AddLetters(vector, $"_{word}_");
        }

        // A text without a letter or digit would have no direction at all: its signs stand for themselves.
        if (words == 0)
        {
            AddLetters(vector, $"_{text.Trim()}_");
            words = 1;
        }

        var length = TensorPrimitives.Norm<float>(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }
        else
        {
            // Nothing but spaces: still a vector of length 1, so that nobody divides by zero.
            vector[0] = 1;
        }

        return (vector, words);
    }

    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in Accents.Fold(text).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(rune.ToString());
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }

    private static void AddLetters(float[] vector, string framed)
    {
        var sequences = 0;
        for (var size = 3; size <= 5; size++)
        {
            sequences += Math.Max(0, framed.Length - size + 1);
        }

        // A long word has many sequences; together they weigh as much as a short word's.
        var each = LettersWeight / MathF.Sqrt(Math.Max(1, sequences));
        for (var size = 3; size <= 5; size++)
        {
            for (var start = 0; start + size <= framed.Length; start++)
            {
                Add(vector, "l:", framed.AsSpan(start, size), each);
            }
        }
    }

    private static void Add(float[] vector, string kind, ReadOnlySpan<char> feature, float weight)
    {
        var hash = Hash(kind, feature);
        vector[hash % Dimensions] += (hash & 0x8000_0000) == 0 ? weight : -weight;
    }

    /// <summary>FNV-1a over UTF-16 units, then an avalanche step: the same in every process and on every machine.</summary>
    private static uint Hash(string kind, ReadOnlySpan<char> feature)
    {
        var hash = 2166136261u;
        foreach (var letter in kind)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        foreach (var letter in feature)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        hash = (hash ^ (hash >> 16)) * 0x85EB_CA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2_AE35u;
        return hash ^ (hash >> 16);
    }
}
