namespace AgentSystem.Runtime.Security.Guard;

/// <summary>An address in a text.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="Slashes">The place of the <c>//</c>, or of the dot after <c>www</c>.</param>
/// <param name="Host">Its host in lower case, without port and without a name before an <c>@</c>.</param>
/// <param name="Address">All of it.</param>
internal sealed record Link(int Start, int Slashes, string Host, string Address);

/// <summary>Finds addresses that a reader of Markdown or HTML would make a link or load a picture from. Linear; it judges no syntax around them.</summary>
internal static class Links
{
    private const string Web = "www.";

    /// <summary>The addresses in a text.</summary>
    public static IEnumerable<Link> In(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var slashes = IsSlash(text[i]) && i + 1 < text.Length && IsSlash(text[i + 1]) && (i == 0 || Begins(text[i - 1]));
            var web = !slashes && (i == 0 || !char.IsLetterOrDigit(text[i - 1])) && string.Compare(text, i, Web, 0, Web.Length, StringComparison.OrdinalIgnoreCase) == 0;
            if (!slashes && !web)
            {
                continue;
            }

            var (start, host) = (i, web ? i : i + 2);
            while (!web && start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is ':' or '+' or '-' or '.'))
            {
                start--;
            }

            // Browsers read any number of slashes there as two.
            while (host < text.Length && IsSlash(text[host]))
            {
                host++;
            }

            var end = host;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not (')' or ']' or '>' or '"' or '\'' or '`' or '<'))
            {
                end++;
            }

            var name = HostOf(text.AsSpan(host, end - host));
            if (name.Length > 0 && (start < i || name[0] == '[' || name.Contains('.', StringComparison.Ordinal)))
            {
                yield return new Link(start, web ? i + Web.Length - 1 : i, name, text[start..end].TrimEnd('.', ',', ';', ':', '!', '?'));
                i = end;
            }
        }
    }

    /// <summary>The hosts of the addresses in a text, and of names that stand for a host by themselves.</summary>
    public static IEnumerable<string> HostsIn(string text) => In(text).Select(static link => link.Host);

    /// <summary>The text of one link made harmless: nothing makes a link of it or loads it, and a person can still read it.</summary>
    public static string Defuse(string text, IEnumerable<Link> links)
    {
        foreach (var link in links.OrderByDescending(static link => link.Slashes))
        {
            text = text[link.Slashes] == '.' ? text[..link.Slashes] + "[.]" + text[(link.Slashes + 1)..] : text[..link.Slashes] + "[/]" + text[(link.Slashes + 1)..];
        }

        return text;
    }

    private static bool IsSlash(char c) => c is '/' or '\\';

    /// <summary>What may stand in front of an address without a scheme, and the colon after one.</summary>
    private static bool Begins(char c) => char.IsWhiteSpace(c) || c is ':' or '(' or '<' or '[' or '"' or '\'' or '`' or '=' or ',';

    private static string HostOf(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny("/\\?#");
        var authority = end < 0 ? rest : rest[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        if (authority.StartsWith("["))
        {
            var close = authority.IndexOf(']');
            return close < 0 ? "" : authority[..(close + 1)].ToString().ToLowerInvariant();
        }

        var port = authority.IndexOf(':');
        return (port < 0 ? authority : authority[..port]).TrimEnd(".,;!").ToString().ToLowerInvariant();
    }
}
