using System.Security.Cryptography;
using System.Text;
using AgentSystem.Contracts.Security;

namespace AgentSystem.Web.Components.Pages.Audit;

/// <summary>One step of a proof.</summary>
/// <param name="Name">What is shown.</param>
/// <param name="Holds">Whether it is so; null: there is nothing to look at yet.</param>
/// <param name="Details">What was computed.</param>
internal sealed record ProofStep(string Name, bool? Holds, string Details);

/// <summary>Checks the proof of an entry step by step in the console itself, which takes nothing from the API's word for it but the public key.</summary>
internal static class ProofCheck
{
    public static IReadOnlyList<ProofStep> Of(AuditEntryProof proof, AuditKeyView? key)
    {
        if (Bytes(proof.Previous) is not { } previous || Bytes(proof.Entry.Hash) is not { } stated)
        {
            return [new ProofStep("The hashes can be read", false, proof.Entry.Hash)];
        }

        var hash = SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(proof.Body)]);
        var own = new ProofStep("The text gives the hash", hash.AsSpan().SequenceEqual(stated), $"SHA-256 over the hash before it and the text is {Hex(hash)}");
        if (proof.Inclusion is not { } inclusion)
        {
            return [own, new ProofStep("A signed root is over it", null, "It is signed within a minute of being written.")];
        }

        var leaf = Node(0, hash, []);
        var path = inclusion.Path.Select(Bytes).ToList();
        var root = path.Contains(null) ? null : Climb(leaf, inclusion.Leaf, inclusion.Root.Size, path!);
        return
        [
            own,
            new ProofStep("The hash is the leaf", Hex(leaf) == inclusion.LeafHash, $"Leaf {inclusion.Leaf} is {Hex(leaf)}"),
            new ProofStep("The leaf leads to the root", root is not null && Hex(root) == inclusion.Root.Hash, root is null ? "The path does not lead anywhere." : $"{path.Count} steps up the tree over {inclusion.Root.Size} entries give {Hex(root)}"),
            Signature(inclusion.Root, key),
        ];
    }

    private static ProofStep Signature(AuditRootView root, AuditKeyView? key)
    {
        const string Name = "The root is signed";
        if (key is null)
        {
            return new ProofStep(Name, null, "The public key could not be read.");
        }

        try
        {
            using var public256 = ECDsa.Create();
            public256.ImportFromPem(key.PublicKey);
            var text = $"agentsystem-audit-root-v1\n{root.Size}\n{root.Hash}\n{root.At}\n";
            var holds = public256.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(root.Signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            return new ProofStep(Name, holds, $"ECDSA P-256 by the key {key.KeyId}, at {root.At}");
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or CryptographicException)
        {
            return new ProofStep(Name, false, unreadable.Message);
        }
    }

    /// <summary>RFC 9162, section 2.1.3.2; null when the path is too long or too short.</summary>
    private static byte[]? Climb(byte[] leaf, long place, long size, List<byte[]> path)
    {
        if (place < 0 || place >= size)
        {
            return null;
        }

        var (at, last, hash) = (place, size - 1, leaf);
        foreach (var step in path)
        {
            if (last == 0)
            {
                return null;
            }

            if ((at & 1) == 1 || at == last)
            {
                hash = Node(1, step, hash);
                for (; (at & 1) == 0 && at != 0; at >>= 1)
                {
                    last >>= 1;
                }
            }
            else
            {
                hash = Node(1, hash, step);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 ? hash : null;
    }

    private static byte[] Node(byte kind, byte[] left, byte[] right) => SHA256.HashData([kind, .. left, .. right]);

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    private static byte[]? Bytes(string hex)
    {
        try
        {
            return Convert.FromHexString(hex);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
