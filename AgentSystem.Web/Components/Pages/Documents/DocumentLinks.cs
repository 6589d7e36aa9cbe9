namespace AgentSystem.Web.Components.Pages.Documents;

/// <summary>Addresses of pages about a document.</summary>
internal static class DocumentLinks
{
    public static string Page(string id) => $"/documents/{Uri.EscapeDataString(id)}";

    public static string Chunk(string id, int chunk) => $"{Page(id)}?chunk={chunk}";
}
