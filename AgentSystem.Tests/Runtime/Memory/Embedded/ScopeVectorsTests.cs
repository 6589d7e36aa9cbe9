using System.Numerics.Tensors;
using AgentSystem.Runtime.Memory.Embedded;
using CsCheck;

namespace AgentSystem.Tests.Runtime.Memory.Embedded;

public sealed class ScopeVectorsTests
{
    private const int Dimensions = 37;

    private static readonly Gen<float[]> Vectors = Gen.Float[-1, 1].Array[Dimensions].Select(static vector => Unit(vector));

    [Fact]
    public void Dot_Codes_IsTheSumOfTheirProducts() => Gen.Select(Gen.SByte[-127, 127].Array[0, 300], Gen.Int[0, 99]).Sample(static (codes, seed) =>
    {
        var other = codes.Select((code, index) => (sbyte)((code * (seed + index + 1)) % 128)).ToArray();
        return Int8.Dot(codes, other) == codes.Zip(other, static (one, two) => one * two).Sum();
    });

    [Fact]
    public void Quantise_TheDotProduct_IsOffByNoMoreThanTheBound() => Gen.Select(Vectors, Vectors).Sample(static (a, b) =>
    {
        var (left, right) = (Int8.Quantise(a), Int8.Quantise(b));
        var rough = (double)Int8.Dot(left.Codes, right.Codes) * left.Step * right.Step;
        return Math.Abs(TensorPrimitives.Dot<float>(a, b) - rough) <= Int8.Error(a, left.Step, right.Codes, right.Step) + 1e-5;
    });

    /// <summary>Whoever is nearer than the last candidate by more than twice the bound is a candidate: an exact look at the candidates gives the exact order of these.</summary>
    [Fact]
    public void Nearest_EveryExactNeighbourAboveTheBound_IsACandidate() => Gen.Select(Vectors.Array[1, 60], Vectors, Gen.Int[1, 20]).Sample(static (vectors, query, most) =>
    {
        var index = Filled(vectors);
        var candidates = index.Nearest(query, most).Select(static one => one.Id).ToHashSet();
        var asked = Int8.Quantise(query);
        var exact = vectors.Select((vector, i) => (Id: $"m{i:00}", Cosine: (double)TensorPrimitives.Dot<float>(query, vector), Error: Error(query, asked, vector))).ToList();
        var (bound, last) = (2 * exact.Max(static one => one.Error), exact.Where(one => candidates.Contains(one.Id)).Min(static one => one.Cosine));
        return candidates.Count == Math.Min(most, vectors.Length) && exact.Where(one => !candidates.Contains(one.Id)).All(one => one.Cosine <= last + bound + 1e-5);
    });

    [Fact]
    public void PutAndRemove_InAnyOrder_LeavesWhatAListWouldHold() => Gen.Select(Gen.Int[0, 9], Gen.Bool, Vectors).Array[0, 60].Sample(static steps =>
    {
        var (index, held) = (new ScopeVectors(Dimensions), new Dictionary<string, float[]>());
        foreach (var (number, put, vector) in steps)
        {
            if (put)
            {
                index.Put($"m{number}", 1, vector);
                held[$"m{number}"] = vector;
            }
            else
            {
                index.Remove($"m{number}");
                held.Remove($"m{number}");
            }
        }

        return index.Count == held.Count && held.All(pair => index.Nearest(pair.Value, held.Count).Any(near => near.Id == pair.Key && near.Cosine > 0.97));
    });

    [Fact]
    public void Put_AnOlderVersion_ChangesNothing()
    {
        var index = new ScopeVectors(2);
        index.Put("m", 2, [1, 0]);
        index.Put("m", 1, [0, 1]);
        index.Put("other size", 1, [1, 0, 0]);
        Assert.Equal(1, Assert.Single(index.Nearest([1, 0], 5)).Cosine, 2);
        Assert.Empty(index.Nearest([1, 0, 0], 5));
    }

    private static ScopeVectors Filled(float[][] vectors)
    {
        var index = new ScopeVectors(Dimensions);
        foreach (var (i, vector) in vectors.Index())
        {
            index.Put($"m{i:00}", 1, vector);
        }

        return index;
    }

    private static double Error(float[] query, Int8Vector asked, float[] vector)
    {
        var quantised = Int8.Quantise(vector);
        return Int8.Error(query, asked.Step, quantised.Codes, quantised.Step);
    }

    private static float[] Unit(float[] vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        return length > 0 ? [.. vector.Select(number => number / length)] : vector;
    }
}
