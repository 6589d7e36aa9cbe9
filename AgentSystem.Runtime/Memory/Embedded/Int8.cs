using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AgentSystem.Runtime.Memory.Embedded;

/// <summary>A vector in a quarter of its size: each number as a whole multiple, -127 to 127, of the vector's own step.</summary>
/// <param name="Codes">The multiples.</param>
/// <param name="Step">The largest number's size / 127; 0 for a vector of zeros.</param>
internal readonly record struct Int8Vector(sbyte[] Codes, float Step);

/// <summary>Quantising to 8 bits and what a dot product of quantised vectors may be wrong by.</summary>
internal static class Int8
{
    private const float Most = 127;

    /// <summary>Rounds every number to the nearest multiple of the step: none is off by more than half a step.</summary>
    public static Int8Vector Quantise(ReadOnlySpan<float> vector)
    {
        var step = vector.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(vector)) / Most;
        var codes = new sbyte[vector.Length];
        if (step > 0)
        {
            for (var at = 0; at < vector.Length; at++)
            {
                codes[at] = (sbyte)Math.Clamp(MathF.Round(vector[at] / step), -Most, Most);
            }
        }

        return new Int8Vector(codes, step);
    }

    /// <summary>The dot product of two lists of codes. Products of two codes fit 16 bits, and so do the sums of two such products; they are widened before more are added.</summary>
    public static int Dot(ReadOnlySpan<sbyte> one, ReadOnlySpan<sbyte> other)
    {
        if (Avx2.IsSupported && one.Length >= Vector128<sbyte>.Count)
        {
            return DotAvx2(one, other);
        }

        var (sum, at) = (Vector<int>.Zero, 0);
        if (Vector.IsHardwareAccelerated)
        {
            var left = MemoryMarshal.Cast<sbyte, Vector<sbyte>>(one);
            var right = MemoryMarshal.Cast<sbyte, Vector<sbyte>>(other);
            for (var block = 0; block < left.Length; block++)
            {
                Vector.Widen(left[block], out var leftLow, out var leftHigh);
                Vector.Widen(right[block], out var rightLow, out var rightHigh);
                Vector.Widen((leftLow * rightLow) + (leftHigh * rightHigh), out var low, out var high);
                sum += low + high;
            }

            at = left.Length * Vector<sbyte>.Count;
        }

        var total = Vector.Sum(sum);
        for (; at < one.Length; at++)
        {
            total += one[at] * other[at];
        }

        return total;
    }

    /// <summary>16 products at a time: widened to 16 bits, multiplied, and neighbours added as 32 bits in one instruction.</summary>
    private static int DotAvx2(ReadOnlySpan<sbyte> one, ReadOnlySpan<sbyte> other)
    {
        var left = MemoryMarshal.Cast<sbyte, Vector128<sbyte>>(one);
        var right = MemoryMarshal.Cast<sbyte, Vector128<sbyte>>(other);
        var (sum, next) = (Vector256<int>.Zero, Vector256<int>.Zero);
        var block = 0;
        for (; block + 1 < left.Length; block += 2)
        {
            sum += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(left[block]), Avx2.ConvertToVector256Int16(right[block]));
            next += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(left[block + 1]), Avx2.ConvertToVector256Int16(right[block + 1]));
        }

        var total = Vector256.Sum(sum + next);
        for (var at = block * Vector128<sbyte>.Count; at < one.Length; at++)
        {
            total += one[at] * other[at];
        }

        return total;
    }

    /// <summary>
    /// How far the quantised dot product can be from the exact one. With a = â + e and b = b̂ + f, every |e| at most half of a's step and every |f| at most half of b's:
    /// |a·b − â·b̂| = |e·b̂ + a·f| ≤ step(a)/2 · ‖b̂‖₁ + step(b)/2 · ‖a‖₁, and ‖·‖₁ ≤ √n · ‖·‖₂.
    /// </summary>
    /// <param name="a">The query as it is.</param>
    /// <param name="aStep">Its step.</param>
    /// <param name="bCodes">The other's codes.</param>
    /// <param name="bStep">The other's step.</param>
    public static double Error(ReadOnlySpan<float> a, float aStep, ReadOnlySpan<sbyte> bCodes, float bStep)
    {
        var sum = 0L;
        foreach (var code in bCodes)
        {
            sum += Math.Abs((int)code);
        }

        return (aStep / 2.0 * sum * bStep) + (bStep / 2.0 * TensorPrimitives.SumOfMagnitudes(a));
    }
}
