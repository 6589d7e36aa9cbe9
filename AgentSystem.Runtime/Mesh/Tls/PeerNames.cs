using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace AgentSystem.Runtime.Mesh.Tls;

/// <summary>The names a certificate gives its process: one URI <c>spiffe://agentsystem/role/NAME</c> among the subject's alternative names for each role it serves, and <c>api</c> for a gateway.</summary>
internal static class PeerNames
{
    /// <summary>The name of a gateway, which is no role.</summary>
    public const string Gateway = "api";

    private const string Prefix = "spiffe://agentsystem/role/";
    private const string AlternativeNames = "2.5.29.17";

    // GeneralName ::= CHOICE { ... uniformResourceIdentifier [6] IA5String ... } (RFC 5280, 4.2.1.6).
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>The extension that gives a certificate these names.</summary>
    public static X509Extension Extension(IEnumerable<string> names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddUri(new Uri(Prefix + name));
        }

        return alternatives.Build();
    }

    /// <summary>The names in a certificate; none when it has none of ours.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.Where(static each => each.Oid?.Value == AlternativeNames))
        {
            try
            {
                var list = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (list.HasData)
                {
                    if (!list.PeekTag().HasSameClassAndValue(Uri))
                    {
                        list.ReadEncodedValue();
                    }
                    else if (list.ReadCharacterString(UniversalTagNumber.IA5String, Uri) is var uri && uri.StartsWith(Prefix, StringComparison.Ordinal))
                    {
                        names.Add(uri[Prefix.Length..]);
                    }
                }
            }
            catch (AsnContentException)
            {
                // Names that cannot be read are no names.
                return [];
            }
        }

        return names;
    }
}
