namespace AgentSystem.Runtime.Security.Screening.Findings;

/// <summary>Numbers by which states know their people. Those whose form is rare count by form and check; plain digits count only beside a word that says what they are.</summary>
internal static class NationalIdFinder
{
    private static readonly string[] PeselWords = ["pesel"], BsnWords = ["bsn", "burgerservice"], TaxWords = ["steuer", "tax id", "idnr"], AadhaarWords = ["aadhaar", "aadhar", "आधार"], NirWords = ["sécurité sociale", "securite sociale", "nir", "insee"],
        SinWords = ["sin ", "social insurance"], NhsWords = ["nhs"];

    private static readonly int[] Pesel = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], Bsn = [9, 8, 7, 6, 5, 4, 3, 2, -1], Nhs = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

    public static void Find(string text, List<Finding> to)
    {
        Span<char> compact = stackalloc char[20];
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]) || (i > 0 && char.IsLetterOrDigit(text[i - 1])))
            {
                continue;
            }

            var (count, at) = (0, i);
            for (; at < text.Length && count < compact.Length; at++)
            {
                if (char.IsAsciiLetterOrDigit(text[at]))
                {
                    compact[count++] = text[at];
                }
                else if (!(text[at] is ' ' or '.' or '-' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at - 1])) && !(text[at] == '-' && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1])))
                {
                    break;
                }
            }

            if (count < compact.Length && Entity(text, i, text.AsSpan(i, at - i), compact[..count]) is { } entity)
            {
                to.Add(new Finding(entity, i, at, "***" + compact[(count - 2)..count].ToString()));
                i = at - 1;
            }
        }
    }

    private static string? Entity(string text, int start, ReadOnlySpan<char> shape, ReadOnlySpan<char> compact)
    {
        var digits = compact.IndexOfAnyExceptInRange('0', '9') < 0;
        return compact.Length switch
        {
            9 when !digits && IsDni(compact) => "ES_DNI",
            9 when !digits && IsNino(compact) => "UK_NINO",
            9 when digits && NumberFinder.Near(text, start, BsnWords) && Checksums.Weighted(compact, Bsn, 11) => "NL_BSN",
            9 when digits && NumberFinder.Near(text, start, SinWords) && Checksums.Luhn(compact) => "CA_SIN",
            10 when digits && NumberFinder.Near(text, start, NhsWords) && Checksums.Weighted(compact, Nhs, 11) => "UK_NHS",
            11 when digits && shape.Length == 14 && shape[3] == '.' && shape[11] == '-' && Checksums.Cpf(compact) => "BR_CPF",
            11 when digits && NumberFinder.Near(text, start, PeselWords) && Checksums.Weighted(compact, Pesel, 10) => "PL_PESEL",
            11 when digits && NumberFinder.Near(text, start, TaxWords) && Checksums.GermanTaxId(compact) => "DE_TAX_ID",
            12 when digits && compact[0] > '1' && NumberFinder.Near(text, start, AadhaarWords) && Checksums.Verhoeff(compact) => "IN_AADHAAR",
            15 when digits && compact[0] is '1' or '2' && (NumberFinder.Near(text, start, NirWords) || shape.Length >= 18) && 97 - (long.Parse(compact[..13]) % 97) == long.Parse(compact[13..]) => "FR_NIR",
            16 when !digits && IsCodiceFiscale(compact) => "IT_FISCAL_CODE",
            _ => null,
        };
    }

    private static bool IsDni(ReadOnlySpan<char> compact) =>
        char.IsAsciiLetterUpper(compact[8]) && compact[1..8].IndexOfAnyExceptInRange('0', '9') < 0 && (char.IsAsciiDigit(compact[0]) || compact[0] is 'X' or 'Y' or 'Z') && Checksums.Dni(compact);

    private static bool IsNino(ReadOnlySpan<char> compact) =>
        char.IsAsciiLetterUpper(compact[0]) && char.IsAsciiLetterUpper(compact[1]) && compact[2..8].IndexOfAnyExceptInRange('0', '9') < 0 && compact[8] is >= 'A' and <= 'D'
        && compact[0] is not ('D' or 'F' or 'I' or 'Q' or 'U' or 'V') && compact[1] is not ('D' or 'F' or 'I' or 'O' or 'Q' or 'U' or 'V') && compact[..2] is not ("BG" or "GB" or "NK" or "KN" or "TN" or "NT" or "ZZ");

    /// <summary>Six letters, two digits, a letter, two digits, a letter, three digits and a check letter (D.M. 23.12.1976): odd places weigh by a table, even ones by themselves.</summary>
    private static bool IsCodiceFiscale(ReadOnlySpan<char> compact)
    {
        ReadOnlySpan<byte> odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var letter = i is < 6 or 8 or 11;
            var c = char.ToUpperInvariant(compact[i]);
            if (letter ? !char.IsAsciiLetterUpper(c) : !char.IsAsciiDigit(c))
            {
                return false;
            }

            var value = letter ? c - 'A' : c - '0';
            sum += i % 2 == 0 ? odd[value] : value;
        }

        return char.ToUpperInvariant(compact[15]) == 'A' + (sum % 26);
    }
}
