using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentSystem.Runtime.Memory.Embedded;

/// <summary>
/// Vectors without a model: words, pairs of content words and letter sequences (3 to 5) are hashed to signed positions
/// ("feature hashing", Weinberger et al. 2009), and the sum is scaled to length 1. The same text always gives the same vector.
/// </summary>
internal static class HashedEmbedding
{
    /// <summary>What made a stored vector; change it whenever the code below changes a vector.</summary>
    public const string Name = "hashed-1";

    /// <summary>Numbers in a vector.</summary>
    public const int Dimensions = 512;

    private const float FunctionWordWeight = 0.25f;
    private const float PairWeight = 0.7f;
    private const float LettersWeight = 0.6f;

    public static float[] Embed(string text)
    {
        var vector = new float[Dimensions];
        string? previous = null;
        foreach (var word in Words.Of(text))
        {
            var content = Words.IsContent(word);
            var weight = content ? 1 : FunctionWordWeight;
            Add(vector, $"w:{word}", weight);
            AddLetters(vector, word, weight * LettersWeight);
            if (!content)
            {
                continue;
            }

            if (previous is not null)
            {
                Add(vector, $"p:{previous} {word}", PairWeight);
            }

            previous = word;
        }

        var length = TensorPrimitives.Norm<float>(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }

        return vector;
    }

    /// <summary>A vector as it is stored: 32-bit floats, little-endian.</summary>
    public static byte[] ToBytes(ReadOnlySpan<float> vector) => MemoryMarshal.AsBytes(vector).ToArray();

    /// <summary>Similarity of a vector to a stored one, -1 to 1; 0 when the stored one has another size.</summary>
    public static float Cosine(ReadOnlySpan<float> vector, ReadOnlySpan<byte> stored)
    {
        var other = MemoryMarshal.Cast<byte, float>(stored);
        // Both have length 1, so the cosine is the dot product.
        return other.Length == vector.Length ? TensorPrimitives.Dot(vector, other) : 0;
    }

    private static void AddLetters(float[] vector, string word, float weight)
    {
        var framed = $"_{word}_";
        var sequences = 0;
        for (var size = 3; size <= 5; size++)
        {
            sequences += Math.Max(0, framed.Length - size + 1);
        }

        // A long word has many sequences; together they weigh as much as a short word's.
        var each = weight / MathF.Sqrt(Math.Max(1, sequences));
        for (var size = 3; size <= 5; size++)
        {
            for (var start = 0; start + size <= framed.Length; start++)
            {
                Add(vector, $"l:{framed.AsSpan(start, size)}", each);
            }
        }
    }

    private static void Add(float[] vector, string feature, float weight)
    {
        var hash = Hash(feature);
        vector[hash % Dimensions] += (hash & 0x8000_0000) == 0 ? weight : -weight;
    }

    /// <summary>FNV-1a, 32 bits, then an avalanche step: the same in every process and on every machine.</summary>
    private static uint Hash(string feature)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(feature))
        {
            hash = (hash ^ octet) * 16777619u;
        }

        hash = (hash ^ (hash >> 16)) * 0x85EB_CA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2_AE35u;
        return hash ^ (hash >> 16);
    }
}
