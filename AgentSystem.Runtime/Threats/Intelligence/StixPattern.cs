using System.Text;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Runtime.Threats.Intelligence;

/// <summary>
/// The part of STIX's pattern language (2.1, section 9) that can be answered from one request: <c>[object:path = 'value']</c>, alternatives joined by <c>OR</c> inside or between the brackets.
/// Everything that needs several observations, or a comparison other than equality, says so.
/// </summary>
internal static class StixPattern
{
    private const int MostAlternatives = 1000;

    /// <summary>The alternatives, or why the pattern cannot be used.</summary>
    public static (IReadOnlyList<(IndicatorKind Kind, string Value)> Alternatives, string? Reason) Parse(string pattern)
    {
        var found = new List<(IndicatorKind, string)>();
        var at = 0;
        do
        {
            if (!Take(pattern, ref at, "["))
            {
                return Not("It does not begin with \"[\".");
            }

            do
            {
                if (Comparison(pattern, ref at) is not var (path, value))
                {
                    return Not("Only comparisons with \"=\" and a text are read.");
                }

                if (Kind(path) is not { } kind)
                {
                    return Not($"What it compares is not looked at here: addresses, SHA-256 hashes, domains and URLs are.");
                }

                if (Canonical(kind, value) is not { } canonical || found.Count >= MostAlternatives)
                {
                    return Not("Its value is not what its path says it is.");
                }

                found.Add((kind, canonical));
            }
            while (Take(pattern, ref at, "OR"));
            if (!Take(pattern, ref at, "]"))
            {
                return Not("It joins comparisons by something other than OR.");
            }
        }
        while (Take(pattern, ref at, "OR"));
        Skip(pattern, ref at);
        return at == pattern.Length ? (found, null) : Not("It is about several observations.");
    }

    private static (IReadOnlyList<(IndicatorKind, string)>, string?) Not(string reason) => ([], reason);

    private static (string Path, string Value)? Comparison(string pattern, ref int at)
    {
        Skip(pattern, ref at);
        var start = at;
        while (at < pattern.Length && (char.IsAsciiLetterOrDigit(pattern[at]) || pattern[at] is '-' or '_' or ':' or '.' or '\''))
        {
            at++;
        }

        var path = pattern[start..at].Replace("'", "", StringComparison.Ordinal);
        return Take(pattern, ref at, "=") && Quoted(pattern, ref at) is { } value ? (path, value) : null;
    }

    private static string? Quoted(string pattern, ref int at)
    {
        Skip(pattern, ref at);
        if (at >= pattern.Length || pattern[at] != '\'')
        {
            return null;
        }

        var value = new StringBuilder();
        for (at++; at < pattern.Length; at++)
        {
            if (pattern[at] == '\'')
            {
                at++;
                return value.ToString();
            }

            at += pattern[at] == '\\' && at + 1 < pattern.Length ? 1 : 0;
            value.Append(pattern[at]);
        }

        return null;
    }

    private static IndicatorKind? Kind(string path) => path.ToUpperInvariant() switch
    {
        "IPV4-ADDR:VALUE" or "IPV6-ADDR:VALUE" or "NETWORK-TRAFFIC:SRC_REF.VALUE" => IndicatorKind.Address,
        "FILE:HASHES.SHA-256" or "FILE:HASHES.SHA256" or "ARTIFACT:HASHES.SHA-256" => IndicatorKind.Sha256,
        "DOMAIN-NAME:VALUE" => IndicatorKind.Domain,
        "URL:VALUE" => IndicatorKind.Url,
        _ => null,
    };

    private static string? Canonical(IndicatorKind kind, string value) => kind switch
    {
        IndicatorKind.Address => IndicatorValues.Range(value),
        IndicatorKind.Sha256 => IndicatorValues.Sha256(value),
        IndicatorKind.Domain => IndicatorValues.Host(value),
        _ => IndicatorValues.Page(value),
    };

    private static bool Take(string pattern, ref int at, string token)
    {
        Skip(pattern, ref at);
        if (string.CompareOrdinal(pattern, at, token, 0, token.Length) != 0)
        {
            return false;
        }

        at += token.Length;
        return true;
    }

    private static void Skip(string pattern, ref int at)
    {
        while (at < pattern.Length && char.IsWhiteSpace(pattern[at]))
        {
            at++;
        }
    }
}
