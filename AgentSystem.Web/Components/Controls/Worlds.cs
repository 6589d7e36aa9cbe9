namespace AgentSystem.Web.Components.Controls;

/// <summary>The worlds the platform runs in, in words.</summary>
internal static class Worlds
{
    public static string InWords(string world) => world switch
    {
        "standalone" or "direct" => "one process with its own stores",
        "aspire" => "resources of an Aspire application",
        "kubernetes" => "pods of a Kubernetes cluster",
        "host" => "a host started by itself",
        _ => "a world this console does not know",
    };
}
