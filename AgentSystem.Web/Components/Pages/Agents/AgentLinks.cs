namespace AgentSystem.Web.Components.Pages.Agents;

/// <summary>Addresses of pages about an agent.</summary>
internal static class AgentLinks
{
    public static string Page(string name) => $"/agents/{Uri.EscapeDataString(name)}";

    public static string Versions(string name) => $"{Page(name)}/versions";

    public static string Chat(string name) => $"/chat?agent={Uri.EscapeDataString(name)}";
}
