using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;

namespace AgentSystem.Api.Http.Audit;

/// <summary>What an act is called in the audit log, from the endpoint's own name and path: <c>RevokeKey</c> at <c>/keys/{id}</c> is <c>key.revoke</c> on <c>key:ID</c>.</summary>
internal static class AuditedNames
{
    /// <summary>The act: a noun and a verb.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has no name; a test finds it before a request does.</exception>
    public static string ActionOf(Endpoint endpoint)
    {
        var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
            ?? throw new InvalidOperationException($"The endpoint {endpoint.DisplayName} has no name, by which its acts are audited: give it one with WithName(\"VerbNoun\").");
        var words = Words(name);
        return words.Count < 2 ? $"request.{words[0]}" : $"{string.Join('_', words.Skip(1))}.{words[0]}";
    }

    /// <summary>What it is done to: the noun before each parameter of the path, and its value; the noun alone of a list.</summary>
    public static string ObjectOf(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint { RoutePattern: { } pattern })
        {
            return "";
        }

        var named = new List<string>();
        var noun = "";
        foreach (var segment in pattern.PathSegments)
        {
            switch (segment.Parts)
            {
                case [Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal]:
                    noun = literal.Content;
                    break;
                case [Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter]:
                    named.Add(Convert.ToString(http.Request.RouteValues[parameter.Name], CultureInfo.InvariantCulture) ?? "");
                    if (named.Count == 1)
                    {
                        named[0] = $"{Single(noun)}:{named[0]}";
                    }

                    break;
            }
        }

        return string.Join('/', named);
    }

    /// <summary>What the address in <c>Location</c> names: <c>/api/v1/keys/ID</c> is <c>key:ID</c>; null when it names nothing.</summary>
    public static string? ObjectOf(string? location) =>
        location?.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["api", "v1", .., var noun, var id] ? $"{Single(noun)}:{Uri.UnescapeDataString(id)}" : null;

    private static string Single(string noun) => noun.EndsWith("ies", StringComparison.Ordinal) ? noun[..^3] + "y" : noun.EndsWith('s') && !noun.EndsWith("ss", StringComparison.Ordinal) ? noun[..^1] : noun;

    private static List<string> Words(string name)
    {
        var (words, word) = (new List<string>(), new StringBuilder());
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            word.Append(char.ToLowerInvariant(letter));
        }

        words.Add(word.ToString());
        return words;
    }
}
