namespace AgentSystem.Web.Components.Pages.Threads;

/// <summary>Addresses of pages about a thread.</summary>
internal static class ThreadLinks
{
    public static string Of(string agent) => $"/threads?agent={Uri.EscapeDataString(agent)}";

    public static string Page(string id) => $"/threads/{Uri.EscapeDataString(id)}";
}
