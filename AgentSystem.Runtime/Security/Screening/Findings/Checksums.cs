namespace AgentSystem.Runtime.Security.Screening.Findings;

/// <summary>The check digits of numbers. A number that fails its own check is somebody's order or part number.</summary>
internal static class Checksums
{
    private const string DniLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

    private static readonly byte[][] VerhoeffProducts =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1], [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];

    private static readonly byte[][] VerhoeffTurns =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [5, 8, 0, 3, 7, 9, 6, 1, 4, 2], [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0], [4, 2, 8, 6, 5, 7, 3, 9, 0, 1], [2, 7, 9, 3, 8, 0, 6, 4, 1, 5], [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];

    /// <summary>Luhn (ISO/IEC 7812): payment cards, Swedish and Canadian personal numbers.</summary>
    public static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }

        return digits.Length > 1 && sum % 10 == 0;
    }

    /// <summary>Mod 97 (ISO 7064, as IBAN uses it): country and check digits to the end, letters as 10 to 35, remainder 1.</summary>
    public static bool Iban(ReadOnlySpan<char> compact)
    {
        var remainder = 0;
        for (var i = 0; i < compact.Length; i++)
        {
            var c = compact[(i + 4) % compact.Length];
            remainder = char.IsAsciiDigit(c) ? ((remainder * 10) + c - '0') % 97 : ((remainder * 100) + char.ToUpperInvariant(c) - 'A' + 10) % 97;
        }

        return compact.Length > 4 && remainder == 1;
    }

    /// <summary>Verhoeff's scheme over a dihedral group: India's Aadhaar.</summary>
    public static bool Verhoeff(ReadOnlySpan<char> digits)
    {
        byte check = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            check = VerhoeffProducts[check][VerhoeffTurns[i % 8][digits[^(i + 1)] - '0']];
        }

        return check == 0;
    }

    /// <summary>A weighted sum modulo a number: PESEL, BSN and their like.</summary>
    public static bool Weighted(ReadOnlySpan<char> digits, ReadOnlySpan<int> weights, int modulus)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * (digits[i] - '0');
        }

        return digits.Length == weights.Length && sum % modulus == 0;
    }

    /// <summary>Brazil's CPF: two check digits modulo 11, and not one digit all along.</summary>
    public static bool Cpf(ReadOnlySpan<char> digits)
    {
        return digits.Length == 11 && digits.IndexOfAnyExcept(digits[0]) >= 0 && Check(digits, 9) && Check(digits, 10);

        static bool Check(ReadOnlySpan<char> digits, int place)
        {
            var sum = 0;
            for (var i = 0; i < place; i++)
            {
                sum += (place + 1 - i) * (digits[i] - '0');
            }

            return sum * 10 % 11 % 10 == digits[place] - '0';
        }
    }

    /// <summary>Spain's DNI and NIE: a letter by the number modulo 23, X, Y and Z in front as 0, 1 and 2.</summary>
    public static bool Dni(ReadOnlySpan<char> compact)
    {
        var number = 0;
        foreach (var c in compact[..^1])
        {
            number = (number * 10) + (char.IsAsciiDigit(c) ? c - '0' : char.ToUpperInvariant(c) - 'X');
        }

        return DniLetters[number % 23] == char.ToUpperInvariant(compact[^1]);
    }

    /// <summary>Germany's tax id: ISO 7064 mod 11,10.</summary>
    public static bool GermanTaxId(ReadOnlySpan<char> digits)
    {
        var product = 10;
        foreach (var c in digits[..^1])
        {
            var sum = (c - '0' + product) % 10;
            product = 2 * (sum == 0 ? 10 : sum) % 11;
        }

        return digits.Length == 11 && digits[0] != '0' && (11 - product) % 10 == digits[^1] - '0';
    }

    /// <summary>Bits per character by the text's own letters (Shannon): words have about 3, random keys 4 and more.</summary>
    public static double Entropy(ReadOnlySpan<char> text)
    {
        Span<int> counts = stackalloc int[128];
        foreach (var c in text)
        {
            counts[c & 127]++;
        }

        var bits = 0d;
        foreach (var count in counts)
        {
            bits -= count == 0 ? 0 : (double)count / text.Length * Math.Log2((double)count / text.Length);
        }

        return bits;
    }
}
