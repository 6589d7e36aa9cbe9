using AgentSystem.Runtime.Security;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>Secrets of webhooks in the form of Standard Webhooks. Each is derived from the root key when it is needed, so none is kept anywhere.</summary>
public sealed class WebhookSecrets(RootKey root)
{
    /// <summary>Every secret starts like this.</summary>
    public const string Start = "whsec_";

    /// <summary>The secret of a registered webhook; each version is another.</summary>
    public string Of(string tenant, string webhook, int version) => Write($"webhook/{tenant}/{webhook}/{version}");

    /// <summary>The secret of the webhook that one run names.</summary>
    public string OfRun(string tenant, string run) => Write($"webhook-of-run/{tenant}/{run}");

    // Tenants and ids have no slash: no two purposes can be written alike.
    private string Write(string purpose) => Start + Convert.ToBase64String(root.Derive(purpose));
}
