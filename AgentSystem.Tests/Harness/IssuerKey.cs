using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentSystem.Tests.Harness;

/// <summary>A key pair of a scripted issuer. It signs whatever it is told to, right or wrong.</summary>
public sealed class IssuerKey : IDisposable
{
    private readonly RSA? rsa;
    private readonly ECDsa? ec;

    private IssuerKey(string id, RSA? rsa, ECDsa? ec) => (Id, this.rsa, this.ec) = (id, rsa, ec);

    public string Id { get; }

    public static IssuerKey Rsa(string id, int bits = 2048) => new(id, RSA.Create(bits), null);

    public static IssuerKey Ec(string id, ECCurve? curve = null) => new(id, null, ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256));

    /// <summary>The public half as a JWKS has it.</summary>
    public JsonObject Jwk()
    {
        if (rsa is not null)
        {
            var open = rsa.ExportParameters(false);
            return new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = Id, ["n"] = Text(open.Modulus!), ["e"] = Text(open.Exponent!) };
        }

        var point = ec!.ExportParameters(false);
        var curve = ec.KeySize switch { 256 => "P-256", 384 => "P-384", _ => "P-521" };
        return new JsonObject { ["kty"] = "EC", ["use"] = "sig", ["kid"] = Id, ["crv"] = curve, ["x"] = Text(point.Q.X!), ["y"] = Text(point.Q.Y!) };
    }

    /// <summary>The public half as a PEM file: what somebody would take for a shared secret to confuse RS256 with HS256.</summary>
    public byte[] PublicPem() => Encoding.ASCII.GetBytes(rsa!.ExportSubjectPublicKeyInfoPem());

    /// <summary>The signature RFC 7518 has for <paramref name="algorithm"/>.</summary>
    public byte[] Sign(string algorithm, byte[] data)
    {
        var hash = algorithm[2..] switch { "384" => HashAlgorithmName.SHA384, "512" => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
        return ec?.SignData(data, hash) ?? rsa!.SignData(data, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    public void Dispose()
    {
        rsa?.Dispose();
        ec?.Dispose();
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
