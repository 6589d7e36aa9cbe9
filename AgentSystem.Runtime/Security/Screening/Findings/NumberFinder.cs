using System.Collections.Frozen;

namespace AgentSystem.Runtime.Security.Screening.Findings;

/// <summary>Payment cards, bank accounts (IBAN), phone numbers, social security numbers of the United States and addresses of the Internet.</summary>
internal static class NumberFinder
{
    private const int Around = 40;

    private static readonly FrozenDictionary<string, int> IbanLengths = ("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 "
        + "IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20")
        .Split(' ').ToFrozenDictionary(static each => each[..2], static each => int.Parse(each[2..]));

    private static readonly string[] PhoneWords = ["phone", "call", "tel", "mobile", "cell", "fax", "whatsapp", "reach", "contact", "text me", "sms", "messages to", "dial", "ring", "anruf", "handy", "telefon", "numero", "movil", "телефон", "звон", "電話", "电话", "전화", "هاتف", "फ़ोन"];
    private static readonly string[] SsnWords = ["ssn", "social security"];
    private static readonly string[] NotPhoneWords = ["isbn", "license", "licence", "order", "tracking", "part no", "invoice", "version", "ticket", "reference", "serial", "zip", "account", "card", "ssn", "social security", "date"];

    public static void Find(string text, List<Finding> to)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i > 0 && char.IsLetterOrDigit(text[i - 1]))
            {
                continue;
            }

            if (char.IsAsciiLetter(text[i]) && i + 3 < text.Length && char.IsAsciiDigit(text[i + 2]) && char.IsAsciiDigit(text[i + 3]) && Iban(text, i) is { } iban)
            {
                to.Add(iban);
                i = iban.End - 1;
            }
            else if ((char.IsAsciiDigit(text[i]) || text[i] is '+' or '(') && Number(text, i, out var end) is { } number)
            {
                to.Add(number);
                i = end - 1;
            }
            else if (char.IsAsciiDigit(text[i]))
            {
                // The run was looked at as a whole and is nothing.
                while (i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))
                {
                    i++;
                }
            }
        }
    }

    /// <summary>Digits with single separators between them, from a place on.</summary>
    private static Finding? Number(string text, int start, out int end)
    {
        Span<char> digits = stackalloc char[20];
        var (count, at, open) = (0, start, false);
        end = start;
        for (; at < text.Length && count < digits.Length; at++)
        {
            var c = text[at];
            if (char.IsAsciiDigit(c))
            {
                digits[count++] = c;
                end = at + 1;
            }
            else if (!(c is '+' && at == start) && !(c is '(' && !open && count <= 4) && !(c is ')' && open) && !(c is ' ' or '-' or '.' or '/' && at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] is '(') | (c == ' ' && text[at - 1] == ')')))
            {
                break;
            }

            open = c == '(' || (open && c != ')');
        }

        if (end < text.Length && (char.IsAsciiLetter(text[end]) || char.IsAsciiDigit(text[end])))
        {
            return null;
        }

        var shape = text.AsSpan(start, end - start);
        var number = digits[..count];
        return Card(start, end, shape, number) ?? Ssn(text, start, end, shape, number) ?? Internet(start, end, shape) ?? Phone(text, start, end, shape, number);
    }

    private static Finding? Card(int start, int end, ReadOnlySpan<char> shape, ReadOnlySpan<char> digits)
    {
        if (digits.Length is < 12 or > 19 || shape.IndexOfAny('.', '/', '+') >= 0 || shape.IndexOf('(') >= 0 || !Checksums.Luhn(digits) || digits.IndexOfAnyExcept(digits[0]) < 0)
        {
            return null;
        }

        var (four, two) = (int.Parse(digits[..4]), int.Parse(digits[..2]));
        var issued = digits.Length switch
        {
            15 => two is 34 or 37 || four is 1800 or 2131,
            14 => two is 36 or 38 or 39 || four is >= 3000 and <= 3059,
            12 => two is 50 or (>= 56 and <= 69),
            13 => digits[0] == '4' || two is 50 or (>= 56 and <= 69),
            _ => digits[0] == '4' || two is (>= 50 and <= 69) or 35 or 81 || four is (>= 2221 and <= 2720) or (>= 2200 and <= 2204),
        };
        return issued ? new Finding("CREDIT_CARD", start, end, "****" + digits[^4..].ToString()) : null;
    }

    private static Finding? Ssn(string text, int start, int end, ReadOnlySpan<char> shape, ReadOnlySpan<char> digits)
    {
        if (digits.Length != 9)
        {
            return null;
        }

        var (area, group, serial) = (int.Parse(digits[..3]), int.Parse(digits[3..5]), int.Parse(digits[5..]));
        var written = shape.Length == 11 && shape[3] is '-' or ' ' && shape[6] == shape[3];
        return area is not (0 or 666 or >= 900) && group != 0 && serial != 0 && ((written && shape[3] == '-') || (Near(text, start, SsnWords) && (written || shape.Length == 9)))
            ? new Finding("US_SSN", start, end, "***-**-" + digits[^4..].ToString())
            : null;
    }

    private static Finding? Internet(int start, int end, ReadOnlySpan<char> shape)
    {
        if (shape.Count('.') != 3 || shape.IndexOfAnyExceptInRange('.', '9') >= 0)
        {
            return null;
        }

        foreach (var part in shape.Split('.'))
        {
            var octet = shape[part];
            if (octet.Length is 0 or > 3 || !int.TryParse(octet, out var value) || value > 255 || (octet.Length > 1 && octet[0] == '0'))
            {
                return null;
            }
        }

        return shape is "127.0.0.1" or "0.0.0.0" ? null : new Finding("IP_ADDRESS", start, end, "*.*.*." + shape[(shape.LastIndexOf('.') + 1)..].ToString());
    }

    private static Finding? Phone(string text, int start, int end, ReadOnlySpan<char> shape, ReadOnlySpan<char> digits)
    {
        if (digits.Length is < 7 or > 15 || digits.IndexOfAnyExcept(digits[0]) < 0)
        {
            return null;
        }

        var international = (shape[0] == '+' && digits.Length >= 8) || (digits.StartsWith("00") && digits.Length >= 10 && shape.IndexOf(' ') > 0);
        var american = digits.Length is 10 or 11 && ((shape.Count('-') == 2 && shape.Length is 12 or 14) || (shape[0] == '(' && shape.Length is >= 13 and <= 14) || (shape.Count('.') == 2 && shape.Length == 12))
            && digits[^10] is >= '2' and <= '9' && shape.IndexOf('/') < 0;
        var date = digits.Length is 7 or 8 && ((shape[4] is '-' or '/' && shape[0] is '1' or '2') || (shape.Length == 10 && shape[2] == shape[5]) || (digits[..2] is "19" or "20" && digits.Length == 8 && digits[4..6] is "19" or "20"));
        var (phone, other) = (Last(text, start, PhoneWords), Last(text, start, NotPhoneWords));
        var told = !date && phone > other;
        // A grouped number with the zero of a trunk call in front is how most of the world writes one.
        var trunk = shape[0] == '0' && digits.Length is >= 9 and <= 11 && (shape.Count(' ') >= 2 || shape.Count('-') >= 2);
        return (international || american || told || trunk) && shape.IndexOf("..") < 0 && (shape[0] == '+' || told || (other < 0 && !date)) && (shape.Count('.') is 0 or 2 || shape.Count('.') >= 3)
            ? new Finding("PHONE_NUMBER", start, end, "***" + digits[^2..].ToString())
            : null;
    }

    private static Finding? Iban(string text, int start)
    {
        if (!IbanLengths.TryGetValue(text.Substring(start, 2).ToUpperInvariant(), out var length))
        {
            return null;
        }

        Span<char> compact = stackalloc char[34];
        var (count, at) = (0, start);
        for (; at < text.Length && count < length; at++)
        {
            if (char.IsAsciiLetterOrDigit(text[at]))
            {
                compact[count++] = text[at];
            }
            else if (!(text[at] is ' ' or '-' && count % 4 == 0))
            {
                return null;
            }
        }

        return count == length && (at == text.Length || !char.IsAsciiLetterOrDigit(text[at])) && Checksums.Iban(compact[..count])
            ? new Finding("IBAN", start, at, $"{compact[..2].ToString().ToUpperInvariant()}**...{compact[(count - 4)..count].ToString()}")
            : null;
    }

    /// <summary>True when one of the words stands shortly before a place.</summary>
    internal static bool Near(string text, int start, string[] words) => Last(text, start, words) >= 0;

    /// <summary>Where the last of the words stands that come shortly before a place; -1 when none does.</summary>
    private static int Last(string text, int start, string[] words)
    {
        var before = text.AsSpan(Math.Max(0, start - Around), Math.Min(Around, start));
        var last = -1;
        foreach (var word in words)
        {
            last = Math.Max(last, before.LastIndexOf(word, StringComparison.OrdinalIgnoreCase));
        }

        return last;
    }
}
