using System.Text.RegularExpressions;

namespace AgentSystem.Tests.Architecture;

/// <summary>Reads type and constructor declarations from C# code that has been stripped of comments and strings.</summary>
internal static partial class Declarations
{
    public static IEnumerable<string> TypesIn(string code) => Type().Matches(code).Select(match => match.Groups["name"].Value);

    /// <summary>Constructors, primary ones too, with their number of parameters. Records are data and not counted.</summary>
    public static IEnumerable<(string Type, int Parameters)> ConstructorsIn(string code)
    {
        foreach (Match type in Type().Matches(code))
        {
            var name = type.Groups["name"].Value;
            if (type.Groups["kind"].Value is not ("class" or "struct"))
            {
                continue;
            }

            if (Primary().Match(code, type.Index + type.Length) is { Success: true } primary)
            {
                yield return (name, Count(code, primary.Index + primary.Length));
            }

            foreach (Match constructor in Regex.Matches(code, $@"\b(?:public|internal|protected|private)\s+{name}\s*\("))
            {
                yield return (name, Count(code, constructor.Index + constructor.Length));
            }
        }
    }

    /// <summary>Counts the parameters of a list whose opening parenthesis is just before <paramref name="at"/>.</summary>
    private static int Count(string code, int at)
    {
        var (depth, commas, any) = (0, 0, false);
        for (; at < code.Length; at++)
        {
            switch (code[at])
            {
                case ')' when depth == 0:
                    return any ? commas + 1 : 0;
                case '(' or '[' or '{' or '<':
                    depth++;
                    break;
                case ')' or ']' or '}' or '>':
                    depth--;
                    break;
                case ',' when depth == 0:
                    commas++;
                    break;
            }

            any |= !char.IsWhiteSpace(code[at]);
        }

        return commas;
    }

    // "record" comes first so that "record class X" and "record struct X" are records; "where T : class" has no name that follows on the same line with a capital.
    [GeneratedRegex(@"(?<![\w.@])(?:(?<kind>record)(?:\s+(?:class|struct))?|(?<kind>class|struct|interface|enum))\s+(?<name>[A-Z]\w*)|\b(?<kind>delegate)\s+[\w<>,.?\[\] ]+?\s(?<name>[A-Z]\w*)\s*(?:<[^>]*>)?\s*\(")]
    private static partial Regex Type();

    [GeneratedRegex(@"\G\s*(?:<[^>]*>)?\s*\(")]
    private static partial Regex Primary();
}
