using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSystem.Runtime.Pipeline;

namespace AgentSystem.Api.Http;

/// <summary>What the serializer's complaint about a body means to the person who sent it. Its messages are read, because its exception has no other word for the cause.</summary>
internal static partial class WrongJson
{
    private const string Code = "invalid_json";

    /// <summary>Names the member that is unknown, given twice, missing, or of the wrong type.</summary>
    public static RunFailure Read(JsonException json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (Match(UnknownMember(), json) is { } unknown)
        {
            return RunFailure.Invalid(Code, $"The member \"{unknown}\" is not known here; remove it or correct its name.", unknown);
        }

        if (Match(DoubleMember(), json) is { } twice)
        {
            return RunFailure.Invalid(Code, $"The member \"{twice}\" is there twice; send it once.", twice);
        }

        var within = json.Path is { Length: > 2 } path ? JsonPlace.Shorten(path[2..], JsonPlace.MaxShown) : null;
        if (MissingMembers().Match(json.Message) is { Success: true } missing)
        {
            // The names are our own contract's; none holds a quote.
            var names = Quoted().Matches(missing.Groups[1].Value).Select(name => (within is null ? "" : within + ".") + name.Groups[1].Value).ToList();
            return RunFailure.Invalid(Code, $"Required members are missing: {string.Join(", ", names)}.", names.FirstOrDefault());
        }

        return within is null
            ? RunFailure.Invalid(Code, "The body has the wrong form.")
            : RunFailure.Invalid(Code, $"The value at \"{within}\" has the wrong type or form.", within);
    }

    private static string? Match(Regex wording, JsonException json) =>
        wording.Match(json.Message) is { Success: true } found ? JsonPlace.Shorten(found.Groups[1].Value, JsonPlace.MaxShown) : null;

    // What is between the quotes is the client's, quotes and line ends included: the longest match, to the last words of the message.
    [GeneratedRegex(@"^The JSON property '(.*)' could not be mapped to any \.NET member", RegexOptions.Singleline)]
    private static partial Regex UnknownMember();

    [GeneratedRegex("^Duplicate property '(.*)' encountered during deserialization", RegexOptions.Singleline)]
    private static partial Regex DoubleMember();

    [GeneratedRegex("missing required properties including: (.*)", RegexOptions.Singleline)]
    private static partial Regex MissingMembers();

    [GeneratedRegex("'([^']{1,100})'")]
    private static partial Regex Quoted();
}
