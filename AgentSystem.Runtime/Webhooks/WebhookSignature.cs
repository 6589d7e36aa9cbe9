using System.Security.Cryptography;
using System.Text;

namespace AgentSystem.Runtime.Webhooks;

/// <summary>The symmetric signature of Standard Webhooks 1.0: HMAC-SHA256 over <c>id.timestamp.body</c>, in Base64 after <c>v1,</c>.</summary>
public static class WebhookSignature
{
    /// <summary>The value of <c>webhook-signature</c> for one secret; several are written with a space between them.</summary>
    /// <param name="secret">Base64 after <see cref="WebhookSecrets.Start"/>.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>: seconds since 1970.</param>
    /// <param name="body">As it is sent.</param>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(id);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[WebhookSecrets.Start.Length..]));
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
