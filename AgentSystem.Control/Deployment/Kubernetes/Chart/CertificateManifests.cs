namespace AgentSystem.Control.Deployment.Kubernetes.Chart;

/// <summary>Certificates in the chart: cert-manager makes them, or the operator has made Secrets of the same names.</summary>
internal static class CertificateManifests
{
    private const string CertManager = "cert-manager";

    private static readonly string If = $"eq .Values.parameters.tls.source \"{CertManager}\"";

    /// <summary>The authority of the release.</summary>
    public static IEnumerable<Manifest> All(ReleaseLabels labels) =>
    [
        new(CertificateParts.Folder, CertificateParts.Root(labels)) { If = If },
        new(CertificateParts.Folder, CertificateParts.AuthorityOf(labels)) { If = If },
        new(CertificateParts.Folder, CertificateParts.SignerOf(labels)) { If = If },
    ];

    /// <summary>The certificate of one service.</summary>
    public static Manifest Of(SystemService service, ReleaseLabels labels) => new(service.Name, CertificateParts.Of(service, labels)) { If = If };

    /// <summary>The value that chooses.</summary>
    public static void Choices(ChartValues values) =>
        values.Choice("parameters.tls.source", "cert-manager: it must be installed, and the release gets an authority of its own; secret: Secrets <service>-tls with tls.crt, tls.key and ca.crt are there already.", CertManager, "secret");
}
