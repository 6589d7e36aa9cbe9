using System.Security.Cryptography;

namespace AgentSystem.Runtime.Security;

/// <summary>Keys that sign, derived from the root secret, so that none is in the database.</summary>
internal static class SigningKey
{
    // The order of P-256 (SEC 2, section 2.4.2): a private key is a number below it and not zero.
    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    /// <summary>The key of one purpose. The caller disposes of it.</summary>
    public static ECDsa Derive(RootKey root, string purpose)
    {
        for (var attempt = 0; ; attempt++)
        {
            // One in 2^32 secrets needs a second attempt.
            var number = root.DeriveOwn($"{purpose}/{attempt}");
            if (number.AsSpan().SequenceCompareTo(Order) < 0 && number.Any(static digit => digit != 0))
            {
                return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = number });
            }
        }
    }
}
