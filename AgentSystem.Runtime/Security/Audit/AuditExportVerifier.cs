using AgentSystem.Contracts.Security;
using AgentSystem.Runtime.Security.Audit.Tree;

namespace AgentSystem.Runtime.Security.Audit;

/// <summary>Verifies an export without a server, a database or a secret.</summary>
public static class AuditExportVerifier
{
    /// <summary>Looks at every line.</summary>
    /// <param name="export">The export.</param>
    /// <param name="roots">The file of roots from the second place; null where it is not at hand.</param>
    /// <param name="publicKey">The public key as PEM from elsewhere; null: the one in the export, which shows only that the export agrees with itself.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <exception cref="ArgumentException">The key is no public key in PEM.</exception>
    public static async Task<AuditVerification> VerifyAsync(TextReader export, TextReader? roots, string? publicKey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(export);
        var head = await export.ReadLineAsync(cancellation) is { } first ? AuditLines.Read(first) as string : null;
        using var key = (publicKey ?? head) is { } pem ? new AuditPublicKey(pem) : null;
        var verifier = new AuditVerifier(key);
        if (head is null)
        {
            verifier.Unreadable("line 1");
        }

        for (var number = 2; await export.ReadLineAsync(cancellation) is { } line; number++)
        {
            switch (AuditLines.Read(line))
            {
                case AuditLink link:
                    verifier.Add(link);
                    break;
                case AuditRoot root:
                    verifier.Add(root);
                    break;
                default:
                    verifier.Unreadable($"line {number}");
                    break;
            }
        }

        if (roots is not null)
        {
            verifier.AddElsewhere(await AuditLines.RootsAsync(roots, cancellation));
        }

        return verifier.Finish();
    }
}
