using System.Numerics;

namespace AgentSystem.Runtime.Tools.Calculator;

/// <summary>Writes a fraction in decimal: exactly where it ends within <see cref="MaxExactDigits"/> digits, else rounded and marked with <c>(rounded)</c>.</summary>
internal static class RationalText
{
    /// <summary>Longest number that is written exactly, in digits.</summary>
    public const int MaxExactDigits = 1000;

    /// <summary>Significant digits of a rounded number; rounding is half to even.</summary>
    public const int RoundedDigits = 28;

    // Rounded numbers outside of 1e-10 .. 1e40 are easier to read with an exponent.
    private const int SmallestPlainExponent = -10;
    private const int LargestPlainExponent = 40;

    public static string Write(Rational value)
    {
        var sign = value.Numerator.Sign < 0 ? "-" : "";
        var magnitude = BigInteger.Abs(value.Numerator);
        return TryExact(magnitude, value.Denominator, out var exact) ? sign + exact : $"{sign}{Rounded(magnitude, value.Denominator)} (rounded)";
    }

    private static bool TryExact(BigInteger numerator, BigInteger denominator, out string text)
    {
        text = "";
        var twos = Divide(ref denominator, 2);
        var fives = Divide(ref denominator, 5);
        var decimals = Math.Max(twos, fives);
        if (!denominator.IsOne || decimals > MaxExactDigits)
        {
            return false;
        }

        // numerator / (2^twos 5^fives) = numerator 2^(decimals-twos) 5^(decimals-fives) / 10^decimals
        var digits = (numerator * BigInteger.Pow(2, decimals - twos) * BigInteger.Pow(5, decimals - fives)).ToString();
        if (digits.Length > MaxExactDigits)
        {
            return false;
        }

        text = Place(digits, decimals);
        return true;
    }

    private static string Rounded(BigInteger numerator, BigInteger denominator)
    {
        // Find e with 10^e <= value < 10^(e+1), then take RoundedDigits digits from there.
        var exponent = (int)Math.Floor(BigInteger.Log10(numerator) - BigInteger.Log10(denominator));
        if (Compare(numerator, denominator, exponent) < 0)
        {
            exponent--;
        }
        else if (Compare(numerator, denominator, exponent + 1) >= 0)
        {
            exponent++;
        }

        var shift = RoundedDigits - 1 - exponent;
        var scaledNumerator = shift >= 0 ? numerator * BigInteger.Pow(10, shift) : numerator;
        var scaledDenominator = shift >= 0 ? denominator : denominator * BigInteger.Pow(10, -shift);
        var quotient = BigInteger.DivRem(scaledNumerator, scaledDenominator, out var remainder);
        var half = (remainder * 2).CompareTo(scaledDenominator);
        if (half > 0 || (half == 0 && !quotient.IsEven))
        {
            quotient += 1;
        }

        var digits = quotient.ToString();
        if (digits.Length > RoundedDigits)
        {
            exponent++;
            shift--;
            digits = digits[..RoundedDigits];
        }

        if (exponent is < SmallestPlainExponent or > LargestPlainExponent)
        {
            return $"{Place(digits, RoundedDigits - 1)}e{exponent}";
        }

        return shift >= 0 ? Place(digits, shift) : digits + new string('0', -shift);
    }

    /// <summary>Compares numerator/denominator with 10^exponent.</summary>
    private static int Compare(BigInteger numerator, BigInteger denominator, int exponent) => exponent >= 0
        ? numerator.CompareTo(denominator * BigInteger.Pow(10, exponent))
        : (numerator * BigInteger.Pow(10, -exponent)).CompareTo(denominator);

    private static string Place(string digits, int decimals)
    {
        if (decimals == 0)
        {
            return digits;
        }

        var padded = digits.PadLeft(decimals + 1, '0');
        var fraction = padded[^decimals..].TrimEnd('0');
        return fraction.Length == 0 ? padded[..^decimals] : $"{padded[..^decimals]}.{fraction}";
    }

    private static int Divide(ref BigInteger value, int prime)
    {
        var times = 0;
        while (true)
        {
            var quotient = BigInteger.DivRem(value, prime, out var remainder);
            if (!remainder.IsZero)
            {
                return times;
            }

            value = quotient;
            times++;
        }
    }
}
