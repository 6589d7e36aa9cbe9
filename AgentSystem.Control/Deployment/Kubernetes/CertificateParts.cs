using AgentSystem.Control.Deployment.Kubernetes.CustomResources;

namespace AgentSystem.Control.Deployment.Kubernetes;

/// <summary>Certificates of roles and their callers, made by cert-manager: an authority of the release's own, and one certificate for each service. What counts in it is the name of the role.</summary>
public static class CertificateParts
{
    /// <summary>The service that the authority's objects belong to.</summary>
    public const string Folder = "tls";

    private const string SelfSigned = "tls-selfsigned", Authority = "tls-authority", Signer = "tls-signer";

    /// <summary>Who signs the authority's own certificate: itself.</summary>
    public static Issuer Root(ReleaseLabels labels) => Issuer(SelfSigned, new IssuerSpec { SelfSigned = new EmptyObject() }, labels);

    /// <summary>The authority of the release, which signs for nobody else.</summary>
    public static Certificate AuthorityOf(ReleaseLabels labels) => Made(Authority, Folder, labels, new CertificateSpec
    {
        SecretName = Authority,
        IsCA = true,
        CommonName = Authority,
        Duration = "87600h",
        PrivateKey = Key(),
        IssuerRef = new IssuerReference { Name = SelfSigned, Kind = nameof(Issuer) },
    });

    /// <summary>Who signs the services' certificates: the authority.</summary>
    public static Issuer SignerOf(ReleaseLabels labels) => Issuer(Signer, new IssuerSpec { Ca = new CaIssuer { SecretName = Authority } }, labels);

    /// <summary>The certificate of one service; hosts read renewed files by themselves.</summary>
    public static Certificate Of(SystemService service, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(service);
        return Made(ObjectNames.Tls(service.Name), service.Name, labels, new CertificateSpec
        {
            SecretName = ObjectNames.Tls(service.Name),
            Duration = "720h",
            RenewBefore = "240h",
            DnsNames = [ObjectNames.Headless(service.Name)],
            Uris = ["spiffe://agentsystem/role/" + (service.Role ?? service.Name)],
            Usages = ["digital signature", "client auth", "server auth"],
            PrivateKey = Key(),
            IssuerRef = new IssuerReference { Name = Signer, Kind = nameof(Issuer) },
        });
    }

    private static CertificateKey Key() => new() { Algorithm = "ECDSA", Size = 256, RotationPolicy = "Always" };

    private static Issuer Issuer(string name, IssuerSpec spec, ReleaseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new() { ApiVersion = "cert-manager.io/v1", Kind = nameof(Issuer), Metadata = labels.Meta(Folder, name), Spec = spec };
    }

    private static Certificate Made(string name, string service, ReleaseLabels labels, CertificateSpec spec)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new() { ApiVersion = "cert-manager.io/v1", Kind = nameof(Certificate), Metadata = labels.Meta(service, name), Spec = spec };
    }
}
