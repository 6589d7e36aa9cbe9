using System.Text.Json.Serialization;

namespace AgentSystem.Control.Deployment.Kubernetes.CustomResources;

/// <summary>cert-manager's Issuer (cert-manager.io/v1).</summary>
public sealed class Issuer : CustomResource<IssuerSpec>;

/// <summary>One of the two.</summary>
public sealed class IssuerSpec
{
    /// <summary>Signs each certificate with its own key.</summary>
    [JsonPropertyName("selfSigned")]
    public EmptyObject? SelfSigned { get; set; }

    /// <summary>Signs with the key of a Secret.</summary>
    [JsonPropertyName("ca")]
    public CaIssuer? Ca { get; set; }
}

/// <summary>An object without members.</summary>
public sealed class EmptyObject;

/// <summary>Where an authority's key is.</summary>
public sealed class CaIssuer
{
    /// <summary>Name of the Secret.</summary>
    [JsonPropertyName("secretName")]
    public string? SecretName { get; set; }
}

/// <summary>cert-manager's Certificate (cert-manager.io/v1).</summary>
public sealed class Certificate : CustomResource<CertificateSpec>;

/// <summary>What shall be in it.</summary>
public sealed class CertificateSpec
{
    /// <summary>Where it is written.</summary>
    [JsonPropertyName("secretName")]
    public string? SecretName { get; set; }

    /// <summary>Whether it may sign others.</summary>
    [JsonPropertyName("isCA")]
    public bool? IsCA { get; set; }

    /// <summary>For people.</summary>
    [JsonPropertyName("commonName")]
    public string? CommonName { get; set; }

    /// <summary>How long it is in force.</summary>
    [JsonPropertyName("duration")]
    public string? Duration { get; set; }

    /// <summary>How long before its end a new one is made.</summary>
    [JsonPropertyName("renewBefore")]
    public string? RenewBefore { get; set; }

    /// <summary>Names in the network.</summary>
    [JsonPropertyName("dnsNames")]
    public IList<string>? DnsNames { get; set; }

    /// <summary>The name that counts: which role shows it.</summary>
    [JsonPropertyName("uris")]
    public IList<string>? Uris { get; set; }

    /// <summary>What it may be used for.</summary>
    [JsonPropertyName("usages")]
    public IList<string>? Usages { get; set; }

    /// <summary>Its key.</summary>
    [JsonPropertyName("privateKey")]
    public CertificateKey? PrivateKey { get; set; }

    /// <summary>Who signs it.</summary>
    [JsonPropertyName("issuerRef")]
    public IssuerReference? IssuerRef { get; set; }
}

/// <summary>How a key is made.</summary>
public sealed class CertificateKey
{
    /// <summary>Such as <c>ECDSA</c>.</summary>
    [JsonPropertyName("algorithm")]
    public string? Algorithm { get; set; }

    /// <summary>Bits.</summary>
    [JsonPropertyName("size")]
    public int? Size { get; set; }

    /// <summary>Whether a renewal makes a new one.</summary>
    [JsonPropertyName("rotationPolicy")]
    public string? RotationPolicy { get; set; }
}

/// <summary>Names an Issuer of the namespace.</summary>
public sealed class IssuerReference
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; set; }

    /// <summary>Issuer or ClusterIssuer.</summary>
    [JsonPropertyName("kind")]
    public string? Kind { get; set; }
}
