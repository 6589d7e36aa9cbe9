using System.Buffers.Text;
using Microsoft.IdentityModel.Tokens;

namespace AgentSystem.Api.Identity;

/// <summary>What an authority has published: its name, and its keys for signatures.</summary>
/// <param name="Issuer">The only issuer whose tokens these keys open.</param>
/// <param name="Keys">Public keys that are long enough.</param>
/// <param name="At">When they were asked for.</param>
internal sealed record AuthorityKeys(string Issuer, IReadOnlyList<JsonWebKey> Keys, DateTimeOffset At)
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    /// <summary>Those of a published set that can check a signature of ours: public, meant for signatures, RSA from 2048 bits on or one of the three curves.</summary>
    public static IReadOnlyList<JsonWebKey> Usable(JsonWebKeySet set) =>
        [.. set.Keys.Where(static key => key.Use is null or "" or "sig" && (key.KeyOps.Count == 0 || key.KeyOps.Contains("verify")) && (IsLongRsa(key) || Curve(key) is not null))];

    /// <summary>The key for a token: the one it names, of the kind its algorithm needs. A token that names none gets one only where there is no choice.</summary>
    public JsonWebKey? Find(TokenForm form)
    {
        var fitting = Keys.Where(key => (form.KeyId is null || string.Equals(key.Kid, form.KeyId, StringComparison.Ordinal)) && Fits(key, form.Algorithm)).Take(2).ToArray();
        return fitting is [var only] ? only : null;
    }

    private static bool Fits(JsonWebKey key, string algorithm) =>
        (string.IsNullOrEmpty(key.Alg) || key.Alg == algorithm) && (algorithm.StartsWith("ES", StringComparison.Ordinal) ? Curve(key) == algorithm : IsLongRsa(key));

    private static bool IsLongRsa(JsonWebKey key) => key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.N is { Length: > 0 } && key.E is { Length: > 0 } && Bits(key.N) is >= MinRsaBits and <= MaxRsaBits;

    /// <summary>The algorithm that a curve belongs to (RFC 7518, section 3.4).</summary>
    private static string? Curve(JsonWebKey key) => (key.Kty, key.Crv) switch
    {
        (JsonWebAlgorithmsKeyTypes.EllipticCurve, JsonWebKeyECTypes.P256) => "ES256",
        (JsonWebAlgorithmsKeyTypes.EllipticCurve, JsonWebKeyECTypes.P384) => "ES384",
        (JsonWebAlgorithmsKeyTypes.EllipticCurve, JsonWebKeyECTypes.P521) => "ES512",
        _ => null,
    };

    private static int Bits(string modulus)
    {
        if (!Base64Url.IsValid(modulus))
        {
            return 0;
        }

        var bytes = Base64Url.DecodeFromChars(modulus).AsSpan().TrimStart((byte)0);
        return bytes.IsEmpty ? 0 : (bytes.Length * 8) - System.Numerics.BitOperations.LeadingZeroCount((uint)bytes[0] << 24);
    }
}
