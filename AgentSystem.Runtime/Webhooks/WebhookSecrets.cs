using System.Security.Cryptography;
using AgentSystem.Runtime.Security;
using AgentSystem.Runtime.Security.Sealing;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>
/// Secrets of webhooks in the form of Standard Webhooks. Each registered webhook has one of its own, sealed in its row. Those from before that, and those of the webhooks that single runs name, are derived
/// from the first root secret when they are needed.
/// </summary>
public sealed class WebhookSecrets(RootKey root, ISecretBox box)
{
    /// <summary>Every secret starts like this.</summary>
    public const string Start = "whsec_";

    /// <summary>See <see cref="SealedPlace.Purpose"/>.</summary>
    internal const string Purpose = "webhooks.secret";

    private const int SecretBytes = 32;

    /// <summary>A new secret for a webhook, and the same sealed for its row.</summary>
    public async ValueTask<(string Secret, byte[] Sealed)> NewAsync(string tenant, string webhook, CancellationToken cancellation)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        return (Write(secret), await box.SealAsync(new SealedPlace(tenant, Purpose, webhook), secret, cancellation));
    }

    /// <summary>What signs a message, the newest first: of a webhook whose secret was replaced within <see cref="WebhookSender.BothSecrets"/> also the one before.</summary>
    /// <exception cref="SealException">A secret cannot be opened.</exception>
    public async ValueTask<IReadOnlyList<string>> OfAsync(DueDelivery delivery, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (delivery.WebhookId is not { } webhook)
        {
            return [OfRun(delivery.Tenant, delivery.RunId)];
        }

        var newest = await OfAsync(delivery.Tenant, webhook, delivery.SecretVersion, delivery.Secret, cancellation);
        return delivery.SecretVersion > 1 && now - delivery.RotatedAt < WebhookSender.BothSecrets
            ? [newest, await OfAsync(delivery.Tenant, webhook, delivery.SecretVersion - 1, delivery.SecretBefore, cancellation)]
            : [newest];
    }

    /// <summary>The secret of the webhook that one run names.</summary>
    public string OfRun(string tenant, string run) => Write(root.Derive($"webhook-of-run/{tenant}/{run}"));

    /// <summary>The secret of a webhook from before secrets were sealed. Tenants and ids have no slash: no two purposes can be written alike.</summary>
    internal string Derived(string tenant, string webhook, int version) => Write(root.Derive(FormattableString.Invariant($"webhook/{tenant}/{webhook}/{version}")));

    private async ValueTask<string> OfAsync(string tenant, string webhook, int version, byte[]? stored, CancellationToken cancellation) =>
        stored is null ? Derived(tenant, webhook, version) : Write((await box.OpenAsync(new SealedPlace(tenant, Purpose, webhook), stored, cancellation)).Require());

    private static string Write(byte[] secret) => Start + Convert.ToBase64String(secret);
}
