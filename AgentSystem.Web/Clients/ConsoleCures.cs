using System.Text.RegularExpressions;

namespace AgentSystem.Web.Clients;

/// <summary>
/// The API names cures as a client carries them out: calls and members. Where the console has a button for the same thing, its reader is told the button.
/// What is not here is shown in the API's own words.
/// </summary>
internal static partial class ConsoleCures
{
    private static readonly Dictionary<string, string> Buttons = new(StringComparer.Ordinal)
    {
        ["agent_not_found"] = "the page Agents lists those there are, put away ones under Archived.",
        ["agent_archived"] = "its page under Agents, Archived, has the button Bring back.",
        ["agent_exists"] = "choose another name, or open that agent under Agents and save a new version of it; put away ones are listed under Archived.",
        ["too_many_agents"] = "archive some on their pages under Agents, or ask the operator to raise Agents:MaxPerTenant.",
        ["unknown_agent"] = "the page Agents lists those there are.",
        ["model_not_found"] = "the pages Agents and Models list what there is.",
        ["model_unavailable"] = "its card under Models opens it again.",
        ["thread_agent_mismatch"] = "choose that agent again, or begin another thread with New conversation.",
        ["thread_full"] = "begin another with New conversation; this one can be exported and deleted on its page under Threads.",
        ["not_waiting"] = "its page shows what it waits for now.",
        ["audit_entry_not_found"] = "the page Audit lists those there are.",
        ["key_in_use"] = "sign in with another admin key to revoke this one.",
    };

    /// <summary>What happened in the API's words, and then the button; all of the API's words where they name no call, or the console has no button.</summary>
    public static string InButtons(string code, string message)
    {
        var cure = message.IndexOf(';', StringComparison.Ordinal);
        return cure > 0 && Buttons.TryGetValue(code, out var button) && ClientWords().IsMatch(message[cure..]) ? $"{message[..cure]}; {button}" : message;
    }

    [GeneratedRegex("""\b(?:GET|POST|PUT|PATCH|DELETE) /|\b(?:send|with) "new"|another admin key""", RegexOptions.CultureInvariant)]
    private static partial Regex ClientWords();
}
