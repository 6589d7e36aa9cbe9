using AgentSystem.Control.Deployment.Kubernetes.CustomResources;

namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>Certificates of roles and their callers: cert-manager makes them, or the operator has made Secrets of the same names.</summary>
internal static class CertificateManifests
{
    private const string Folder = "tls", CertManager = "cert-manager", Source = ".Values.parameters.tls.source";
    private const string SelfSigned = "tls-selfsigned", Authority = "tls-authority", Signer = "tls-signer";

    private static readonly string If = $"eq {Source} \"{CertManager}\"";

    /// <summary>The authority of the release, which signs for nobody else.</summary>
    public static IEnumerable<Manifest> All(ReleaseLabels labels) =>
    [
        new(Folder, Issuer(SelfSigned, new IssuerSpec { SelfSigned = new EmptyObject() }, labels)) { If = If },
        new(Folder, Made(Authority, labels, new CertificateSpec
        {
            SecretName = Authority,
            IsCA = true,
            CommonName = Authority,
            Duration = "87600h",
            PrivateKey = Key(),
            IssuerRef = new IssuerReference { Name = SelfSigned, Kind = "Issuer" },
        }, Folder)) { If = If },
        new(Folder, Issuer(Signer, new IssuerSpec { Ca = new CaIssuer { SecretName = Authority } }, labels)) { If = If },
    ];

    /// <summary>The certificate of one service. What counts is the name of its role; hosts read renewed files by themselves.</summary>
    public static Manifest Of(SystemService service, ReleaseLabels labels) => new(service.Name, Made(ObjectNames.Tls(service.Name), labels, new CertificateSpec
    {
        SecretName = ObjectNames.Tls(service.Name),
        Duration = "720h",
        RenewBefore = "240h",
        DnsNames = [ObjectNames.Headless(service.Name)],
        Uris = ["spiffe://agentsystem/role/" + (service.Role ?? service.Name)],
        Usages = ["digital signature", "client auth", "server auth"],
        PrivateKey = Key(),
        IssuerRef = new IssuerReference { Name = Signer, Kind = "Issuer" },
    }, service.Name)) { If = If };

    /// <summary>The value that chooses.</summary>
    public static void Choices(ChartValues values) =>
        values.Default("parameters.tls.source", CertManager, "cert-manager: it must be installed, and the release gets an authority of its own; secret: Secrets <service>-tls with tls.crt, tls.key and ca.crt are there already.");

    private static CertificateKey Key() => new() { Algorithm = "ECDSA", Size = 256, RotationPolicy = "Always" };

    private static Issuer Issuer(string name, IssuerSpec spec, ReleaseLabels labels) => new() { ApiVersion = "cert-manager.io/v1", Kind = "Issuer", Metadata = labels.Meta(Folder, name), Spec = spec };

    private static Certificate Made(string name, ReleaseLabels labels, CertificateSpec spec, string service) =>
        new() { ApiVersion = "cert-manager.io/v1", Kind = "Certificate", Metadata = labels.Meta(service, name), Spec = spec };
}
