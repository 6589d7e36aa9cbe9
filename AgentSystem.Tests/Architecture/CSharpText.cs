using System.Text;

namespace AgentSystem.Tests.Architecture;

/// <summary>Strips comments and string contents from C#, keeping line breaks and the code inside interpolation holes.</summary>
internal static class CSharpText
{
    public static string WithoutCommentsAndStrings(string text)
    {
        var code = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            Scan(text, ref at, code);
            // An unmatched closing brace only ends a hole; at the top level it is kept and the scan goes on.
            if (at < text.Length)
            {
                code.Append(text[at++]);
            }
        }

        return code.ToString();
    }

    /// <summary>Copies code until the end or until a closing brace that was not opened here.</summary>
    private static void Scan(string text, ref int at, StringBuilder code)
    {
        for (var depth = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith("//"))
            {
                at = End(text, "\n", at);
            }
            else if (rest.StartsWith("/*"))
            {
                at = Math.Min(text.Length, End(text, "*/", at + 2) + 2);
            }
            else if (rest[0] == '\'')
            {
                SkipCharacter(text, ref at);
            }
            else if (StartsString(rest))
            {
                SkipString(text, ref at, code);
            }
            else
            {
                depth += rest[0] switch { '{' => 1, '}' => -1, _ => 0 };
                if (depth < 0)
                {
                    return;
                }

                code.Append(text[at++]);
            }
        }
    }

    private static bool StartsString(ReadOnlySpan<char> rest)
    {
        var mark = rest.TrimStart("$@");
        return mark.Length > 0 && mark[0] == '"';
    }

    private static void SkipCharacter(string text, ref int at)
    {
        for (at++; at < text.Length && text[at] is not ('\'' or '\n'); at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
        }

        at = Math.Min(text.Length, at + 1);
    }

    private static void SkipString(string text, ref int at, StringBuilder code)
    {
        var verbatim = false;
        var dollars = 0;
        for (; text[at] != '"'; at++)
        {
            verbatim |= text[at] == '@';
            dollars += text[at] == '$' ? 1 : 0;
        }

        var quotes = Run(text, at, '"');
        var raw = !verbatim && quotes >= 3;
        if (!verbatim && quotes == 2)
        {
            at += 2;
            code.Append("\"\"");
            return;
        }

        at += raw ? quotes : 1;
        code.Append('"');
        while (at < text.Length)
        {
            if (text[at] == '"')
            {
                var run = Run(text, at, '"');
                if (raw ? run >= quotes : !verbatim || run % 2 == 1)
                {
                    at += raw || verbatim ? run : 1;
                    break;
                }

                at += run;
            }
            else if (!raw && !verbatim && text[at] == '\\')
            {
                at += 2;
            }
            else if (!raw && !verbatim && text[at] == '\n')
            {
                break; // Not a string after all (a stray quote): give up at the end of the line.
            }
            else if (dollars > 0 && text[at] == '{')
            {
                SkipHole(text, ref at, code, raw ? dollars : 1);
            }
            else
            {
                at++;
            }
        }

        code.Append('"');
    }

    private static void SkipHole(string text, ref int at, StringBuilder code, int braces)
    {
        var run = Run(text, at, '{');
        at += run;
        // In "{{{x}" the pairs are escapes and only an odd brace opens; in a raw string the count of dollars decides.
        var opens = braces == 1 ? run % 2 == 1 : run >= braces;
        if (opens)
        {
            code.Append(' ');
            Scan(text, ref at, code);
            at = Math.Min(text.Length, at + braces);
            code.Append(' ');
        }
    }

    private static int Run(string text, int at, char what)
    {
        var end = at;
        while (end < text.Length && text[end] == what)
        {
            end++;
        }

        return end - at;
    }

    private static int End(string text, string mark, int from)
    {
        var found = text.IndexOf(mark, Math.Min(from, text.Length), StringComparison.Ordinal);
        return found < 0 ? text.Length : found;
    }
}
