namespace AgentSystem.Web.Components.Pages.Sessions;

/// <summary>Addresses of pages about state.</summary>
internal static class SessionLinks
{
    public const string Conflicts = "/state/conflicts";

    public static string Page(string agent, string session) => $"/state/{Uri.EscapeDataString(agent)}/{Uri.EscapeDataString(session)}";
}
