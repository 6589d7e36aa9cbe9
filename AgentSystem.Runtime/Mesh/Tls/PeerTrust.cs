using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentSystem.Runtime.Mesh.Tls;

/// <summary>Whether a certificate was made by an authority that is trusted, for what it is used for, and is in force. The system's own authorities count for nothing here.</summary>
internal static class PeerTrust
{
    /// <summary>Extended key usage of whoever listens (RFC 5280, 4.2.1.12).</summary>
    public const string Serves = "1.3.6.1.5.5.7.3.1";

    /// <summary>Extended key usage of whoever calls.</summary>
    public const string Calls = "1.3.6.1.5.5.7.3.2";

    /// <summary>True when it may be trusted.</summary>
    /// <param name="certificate">What the peer showed; null: nothing.</param>
    /// <param name="authorities">Whose certificates count.</param>
    /// <param name="usage">What it is shown for.</param>
    /// <param name="at">Now.</param>
    public static bool Holds(X509Certificate2? certificate, X509Certificate2Collection authorities, string usage, DateTimeOffset at)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        // A stolen key is of use until its certificate ends: they are short-lived instead of revoked.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        try
        {
            return chain.Build(certificate);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }
}
