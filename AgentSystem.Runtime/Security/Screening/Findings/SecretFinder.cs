using System.Buffers;

namespace AgentSystem.Runtime.Security.Screening.Findings;

/// <summary>Keys and passwords: by the forms their makers gave them, and in assignments whose value is too random for a word.</summary>
internal static class SecretFinder
{
    private const double RandomBits = 3.2;
    private const int ShortestValue = 8, LongestValue = 512;

    /// <summary>What a key begins with, which letters go on (<c>U</c> upper case and digits, <c>A</c> letters and digits, <c>W</c> also _ and -, <c>B</c> base64, <c>H</c> hexadecimal, <c>D</c> also dots) and how many at least.</summary>
    private static readonly (string Prefix, char Letters, int Least, string Entity)[] Forms =
    [
        ("sk-ant-", 'W', 24, "SECRET_ANTHROPIC_KEY"), ("sk-proj-", 'W', 24, "SECRET_OPENAI_KEY"), ("sk-svcacct-", 'W', 24, "SECRET_OPENAI_KEY"), ("sk-or-", 'W', 24, "SECRET_OPENROUTER_KEY"), ("sk-", 'A', 32, "SECRET_OPENAI_KEY"),
        ("AKIA", 'U', 16, "SECRET_AWS"), ("ASIA", 'U', 16, "SECRET_AWS"), ("ghp_", 'A', 30, "SECRET_GITHUB"), ("gho_", 'A', 30, "SECRET_GITHUB"), ("ghu_", 'A', 30, "SECRET_GITHUB"), ("ghs_", 'A', 30, "SECRET_GITHUB"),
        ("ghr_", 'A', 30, "SECRET_GITHUB"), ("github_pat_", 'W', 22, "SECRET_GITHUB"), ("glpat-", 'W', 20, "SECRET_GITLAB"), ("xoxb-", 'W', 20, "SECRET_SLACK"), ("xoxp-", 'W', 20, "SECRET_SLACK"), ("xoxa-", 'W', 20, "SECRET_SLACK"),
        ("xoxs-", 'W', 20, "SECRET_SLACK"), ("xapp-", 'W', 20, "SECRET_SLACK"), ("sk_live_", 'A', 16, "SECRET_STRIPE"), ("rk_live_", 'A', 16, "SECRET_STRIPE"), ("sk_test_", 'A', 16, "SECRET_STRIPE"), ("whsec_", 'A', 24, "SECRET_STRIPE"),
        ("AIza", 'W', 35, "SECRET_GOOGLE_KEY"), ("ya29.", 'W', 20, "SECRET_GOOGLE_TOKEN"), ("GOCSPX-", 'W', 20, "SECRET_GOOGLE_KEY"), ("hf_", 'A', 30, "SECRET_HF"), ("npm_", 'A', 36, "SECRET_NPM"), ("pypi-", 'W', 40, "SECRET_PYPI"),
        ("oy2", 'A', 40, "SECRET_NUGET"), ("SG.", 'D', 40, "SECRET_SENDGRID"), ("dop_v1_", 'H', 64, "SECRET_DIGITALOCEAN"), ("shpat_", 'H', 32, "SECRET_SHOPIFY"), ("shpss_", 'H', 32, "SECRET_SHOPIFY"), ("eyJ", 'D', 40, "SECRET_JWT"),
        ("dckr_pat_", 'W', 20, "SECRET_DOCKER"), ("lin_api_", 'A', 32, "SECRET_LINEAR"), ("ntn_", 'A', 40, "SECRET_NOTION"), ("tfp_", 'W', 30, "SECRET_TYPEFORM"), ("gsk_", 'A', 40, "SECRET_GROQ"), ("xai-", 'A', 40, "SECRET_XAI"),
        ("r8_", 'A', 37, "SECRET_REPLICATE"), ("hvs.", 'W', 24, "SECRET_VAULT"), ("AGE-SECRET-KEY-1", 'U', 58, "SECRET_AGE"), ("sq0csp-", 'W', 30, "SECRET_SQUARE"), ("EAACEdEose0cBA", 'A', 10, "SECRET_FACEBOOK"), ("as-", 'W', 40, "SECRET_AGENTSYSTEM"),
    ];

    private static readonly ILookup<char, (string Prefix, char Letters, int Least, string Entity)> ByFirst = Forms.ToLookup(static form => form.Prefix[0]);

    private static readonly string[] Names = ["password", "passwd", "pwd", "passphrase", "secret", "token", "api_key", "apikey", "api-key", "access_key", "accesskey", "secret_key", "client_secret", "auth_key", "private_key", "accountkey", "sharedaccesskey", "passwort", "kennwort", "contraseña", "пароль"];

    private static readonly string[] Placeholders = ["your", "example", "xxxx", "****", "....", "changeme", "placeholder", "redacted", "<", "{", "$", "%", "env", "null", "none", "todo"];

    private static readonly SearchValues<char> Starts = SearchValues.Create([.. Forms.Select(static form => form.Prefix[0]).Distinct()]);

    private static readonly SearchValues<char> AddressEnds = SearchValues.Create(" /\n\"'<>"), WordEnds = SearchValues.Create(" \n\r\t\"'"), Signs = SearchValues.Create("!@#$^&*");

    public static void Find(string text, List<Finding> to)
    {
        Prefixed(text, to);
        Blocks(text, to);
        Headers(text, to);
        Addresses(text, to);
        Assignments(text, to);
    }

    private static void Prefixed(string text, List<Finding> to)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i).IndexOfAny(Starts) is not (>= 0 and var step))
            {
                return;
            }

            i += step;
            foreach (var (prefix, letters, least, entity) in ByFirst[text[i]])
            {
                if ((i > 0 && char.IsLetterOrDigit(text[i - 1])) || string.CompareOrdinal(text, i, prefix, 0, prefix.Length) != 0)
                {
                    continue;
                }

                var end = i + prefix.Length;
                while (end < text.Length && end - i < LongestValue * 4 && Goes(text[end], letters))
                {
                    end++;
                }

                var tail = text.AsSpan(i + prefix.Length, end - i - prefix.Length).TrimEnd("-_.");
                if (tail.Length >= least && Checksums.Entropy(tail) >= Math.Min(RandomBits, Math.Log2(tail.Length) - 1) && (letters != 'D' || prefix != "eyJ" || tail.Count('.') >= 1))
                {
                    end = i + prefix.Length + tail.Length;
                    to.Add(new Finding(entity, i, end, prefix + "***"));
                    i = end - 1;
                    break;
                }
            }
        }
    }

    private static void Blocks(string text, List<Finding> to)
    {
        const string Begin = "-----BEGIN ", End = "-----END ";
        for (var i = 0; text.IndexOf(Begin, i, StringComparison.Ordinal) is >= 0 and var start; i = start + Begin.Length)
        {
            var head = text.AsSpan(start, Math.Min(60, text.Length - start));
            if (head.IndexOf("PRIVATE KEY", StringComparison.Ordinal) < 0)
            {
                continue;
            }

            var stop = text.IndexOf(End, start, StringComparison.Ordinal);
            var end = stop < 0 ? text.Length : Math.Min(text.Length, stop + End.Length + head[Begin.Length..].IndexOf("-----", StringComparison.Ordinal) + 5);
            to.Add(new Finding("SECRET_PRIVATE_KEY", start, Math.Max(end, start + Begin.Length), "-----BEGIN PRIVATE KEY-----***"));
        }
    }

    private static void Headers(string text, List<Finding> to)
    {
        foreach (var (scheme, entity) in (ReadOnlySpan<(string, string)>)[("Basic ", "SECRET_BASIC_AUTH"), ("Bearer ", "SECRET_BEARER")])
        {
            for (var i = 0; text.IndexOf(scheme, i, StringComparison.OrdinalIgnoreCase) is >= 0 and var at; i = at + scheme.Length)
            {
                var (start, end) = (at + scheme.Length, at + scheme.Length);
                while (end < text.Length && (Goes(text[end], 'B') || text[end] is '-' or '_' or '.' or '~'))
                {
                    end++;
                }

                var value = text.AsSpan(start, end - start);
                var decoded = new byte[value.Length];
                if (scheme == "Basic "
                    ? value.Length >= 8 && Convert.TryFromBase64Chars(value, decoded, out var length) && decoded.AsSpan(0, length).IndexOf((byte)':') > 0
                    : value.Length >= 16 && Checksums.Entropy(value) >= RandomBits && value.IndexOfAnyInRange('0', '9') >= 0)
                {
                    to.Add(new Finding(entity, start, end, scheme + "***"));
                }
            }
        }
    }

    /// <summary>Passwords in addresses (<c>scheme://user:password@host</c>) and connection strings of Azure's storage.</summary>
    private static void Addresses(string text, List<Finding> to)
    {
        for (var i = 0; text.IndexOf("://", i, StringComparison.Ordinal) is >= 0 and var at; i = at + 3)
        {
            var rest = text.AsSpan(at + 3, Math.Min(LongestValue, text.Length - at - 3));
            var stop = rest.IndexOfAny(AddressEnds);
            rest = stop < 0 ? rest : rest[..stop];
            var (host, colon) = (rest.LastIndexOf('@'), rest.IndexOf(':'));
            if (colon > 0 && host - colon > 3 && !IsPlaceholder(rest[(colon + 1)..host]))
            {
                to.Add(new Finding("SECRET_URL_PASSWORD", at + 3 + colon + 1, at + 3 + host, "***"));
            }
        }

        const string Azure = "DefaultEndpointsProtocol=";
        for (var i = 0; text.IndexOf(Azure, i, StringComparison.OrdinalIgnoreCase) is >= 0 and var at; i = at + Azure.Length)
        {
            var rest = text.AsSpan(at);
            var stop = rest.IndexOfAny(WordEnds);
            rest = stop < 0 ? rest : rest[..stop];
            if (rest.IndexOf("AccountKey=", StringComparison.OrdinalIgnoreCase) > 0)
            {
                to.Add(new Finding("SECRET_AZURE_STORAGE", at, at + rest.Length, "AccountKey=***"));
            }
        }
    }

    private static void Assignments(string text, List<Finding> to)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] is not (':' or '=') || !EndsWithName(text, i))
            {
                continue;
            }

            var start = i + 1;
            while (start < text.Length && start - i < 8 && text[start] is ' ' or '"' or '\'' or '=' or '>')
            {
                start++;
            }

            var end = start;
            while (end < text.Length && end - start < LongestValue && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or ',' or ';' or '<' or '>' or ')' or '&'))
            {
                end++;
            }

            var value = text.AsSpan(start, end - start).TrimEnd(".");
            if (value.Length >= ShortestValue && !IsPlaceholder(value) && IsRandom(value))
            {
                to.Add(new Finding("SECRET_GENERIC", start, start + value.Length, "***"));
                i = end - 1;
            }
        }
    }

    private static bool EndsWithName(string text, int end)
    {
        var before = text.AsSpan(Math.Max(0, end - 24), Math.Min(24, end)).TrimEnd(" \"'");
        foreach (var name in Names)
        {
            if (before.EndsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // A word has letters only; a password mixes kinds, or is long and random.
    private static bool IsRandom(ReadOnlySpan<char> value)
    {
        var digit = value.IndexOfAnyInRange('0', '9') >= 0;
        var letter = value.IndexOfAnyInRange('A', 'z') >= 0;
        return Checksums.Entropy(value) >= (value.Length < 12 ? 2.6 : RandomBits) && letter && (digit || value.IndexOfAny(Signs) >= 0) && !value.Contains("(", StringComparison.Ordinal);
    }

    private static bool IsPlaceholder(ReadOnlySpan<char> value)
    {
        foreach (var each in Placeholders)
        {
            if (value.Contains(each, StringComparison.OrdinalIgnoreCase) && (each is not ("$" or "%" or "env" or "none") || value.StartsWith(each, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Goes(char c, char letters) => letters switch
    {
        'U' => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c),
        'A' => char.IsAsciiLetterOrDigit(c),
        'H' => char.IsAsciiHexDigit(c),
        'B' => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=',
        'D' => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.',
        _ => char.IsAsciiLetterOrDigit(c) || c is '_' or '-',
    };
}
